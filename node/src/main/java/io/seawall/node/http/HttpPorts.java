package io.seawall.node.http;

import io.seawall.coordinator.member.Cluster;
import io.seawall.node.guard.AccessGuard;
import io.seawall.node.ports.Assignments;
import io.seawall.node.ports.Flushes;
import io.seawall.node.ports.Owners;
import io.seawall.node.ports.Readiness;
import io.seawall.node.tls.ServerTls;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalReaders;
import io.seawall.walkafka.admin.Topics;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The parts of the node that the HTTP API uses. The server closes none of them.
 *
 * @param assignments the assignments of the pchannels
 * @param topics the topics
 * @param flushes the segments
 * @param readers reads any log
 * @param readiness whether the node can do its work
 * @param cluster the cluster that this node is a member of; empty if it is none, as in mode {@code manual}
 * @param owners the owners of logs by the cluster's state; empty if there is none: then a log itself says who holds it
 * @param rates returns the rates at which this node's logs are appended to, in bytes per second; does not block
 * @param grpc returns where this node serves gRPC, as host:port; empty if it does not
 * @param tls how to serve TLS; empty for plain text
 * @param access decides who may do what; empty if everybody may do everything
 */
public record HttpPorts(
        Assignments assignments,
        Topics topics,
        Flushes flushes,
        WalReaders readers,
        Readiness readiness,
        Optional<Cluster> cluster,
        Optional<Owners> owners,
        Supplier<Map<PChannel, Long>> rates,
        Supplier<Optional<String>> grpc,
        Optional<ServerTls> tls,
        Optional<AccessGuard> access) {
    /** Creates the ports of a node that serves plain text and no gRPC, knows no owners and no rates, and lets everybody do everything. */
    public HttpPorts(
            Assignments assignments,
            Topics topics,
            Flushes flushes,
            WalReaders readers,
            Readiness readiness,
            Optional<Cluster> cluster) {
        this(
                assignments,
                topics,
                flushes,
                readers,
                readiness,
                cluster,
                Optional.empty(),
                Map::of,
                Optional::empty,
                Optional.empty(),
                Optional.empty());
    }
}
