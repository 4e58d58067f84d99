package io.seawall.node;

import io.seawall.node.config.NodeConfig;
import io.seawall.node.grpc.GrpcSettings;
import io.seawall.node.grpc.append.Appends;
import io.seawall.node.grpc.call.CallGate;

/** Derives the settings of the gRPC server from a node's configuration. */
final class GrpcConfig {
    private GrpcConfig() {}

    static GrpcSettings settings(NodeConfig config) {
        return new GrpcSettings(
                config.grpcHost(),
                config.grpcPort(),
                new Appends.Sizes(config.walRecordMaxBytes(), Math.toIntExact(config.walWindowBytes())),
                new CallGate.Limits(config.grpcCalls(), config.httpMinRateGrace(), config.httpMinRateBytes()),
                new GrpcSettings.Connections(config.grpcConnections(), config.grpcConnectionsPerAddress()),
                config.grpcReaders(),
                config.grpcBatchesBytes());
    }
}
