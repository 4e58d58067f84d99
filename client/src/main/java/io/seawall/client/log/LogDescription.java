package io.seawall.client.log;

import org.jspecify.annotations.Nullable;

/**
 * A log as the node that answered sees it. What the node does not know is null.
 *
 * @param pchannel the log's name, as in {@code orders-3}
 * @param state whether that node has it open: {@code available}, {@code opening} and so on
 * @param term the last known term
 * @param epoch how often the owner opened the log again within the term
 * @param owner the id of the node that owns it
 * @param ownerUrl where the owner serves HTTP
 * @param ownerGrpc where the owner serves gRPC, as host:port
 * @param oldest the LSN of the oldest record
 * @param tail the LSN after the last record
 * @param flushed the LSN below which every record is in a segment
 * @param cause why it is not available
 */
public record LogDescription(
        String pchannel,
        String state,
        @Nullable Long term,
        @Nullable Long epoch,
        @Nullable String owner,
        @Nullable String ownerUrl,
        @Nullable String ownerGrpc,
        @Nullable Long oldest,
        @Nullable Long tail,
        @Nullable Long flushed,
        @Nullable String cause) {}
