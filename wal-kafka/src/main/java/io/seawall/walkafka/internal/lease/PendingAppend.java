package io.seawall.walkafka.internal.lease;

import io.seawall.wal.AppendRequest;
import io.seawall.wal.Appended;
import io.seawall.wal.WalRecord;
import io.seawall.walkafka.internal.format.RecordSizes;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * An append that was accepted and not answered yet.
 *
 * @param request the records, at least one, and their conditions
 * @param sizeBytes the bytes that queue, window and lease count for it
 * @param future the caller's future
 */
public record PendingAppend(AppendRequest request, long sizeBytes, CompletableFuture<Appended> future) {
    public List<WalRecord> batch() {
        return request.batch();
    }

    public static PendingAppend of(AppendRequest request) {
        var size = 0L;
        for (var record : request.batch()) {
            size += RecordSizes.counted(record);
        }
        return new PendingAppend(request, size, new CompletableFuture<>());
    }

    /** Half of the producer's batch size, since headers and Kafka's own fields need room too. */
    private static final int ONE_BATCH_BYTES = 64 * 1024;

    /** Returns whether Kafka's producer can send all records in one batch. */
    boolean fitsOneProduceBatch() {
        return batch().size() == 1 || sizeBytes() < ONE_BATCH_BYTES;
    }
}
