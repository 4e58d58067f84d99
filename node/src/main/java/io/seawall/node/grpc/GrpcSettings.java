package io.seawall.node.grpc;

import io.seawall.node.grpc.append.Appends;
import io.seawall.node.grpc.call.CallGate;

/**
 * The settings of the gRPC server.
 *
 * @param host the address to listen on
 * @param port the port to listen on, 0 for any free one
 * @param sizes what clients may append
 * @param calls the limits of calls
 * @param connections the limits of connections
 * @param readers how many calls may read at the same time
 * @param batchesBytes how many bytes of batches all calls may hold
 */
public record GrpcSettings(
        String host,
        int port,
        Appends.Sizes sizes,
        CallGate.Limits calls,
        Connections connections,
        int readers,
        long batchesBytes) {
    /**
     * The limits of connections.
     *
     * @param most how many are served
     * @param perAddress how many of them one address may have
     */
    public record Connections(int most, int perAddress) {}
}
