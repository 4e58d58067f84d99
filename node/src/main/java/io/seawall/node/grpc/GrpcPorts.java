package io.seawall.node.grpc;

import io.seawall.node.guard.AccessGuard;
import io.seawall.node.ports.Assignments;
import io.seawall.node.ports.Flushes;
import io.seawall.node.ports.Owners;
import io.seawall.node.ports.Readiness;
import io.seawall.node.tail.Tails;
import io.seawall.node.tls.ServerTls;
import io.seawall.walkafka.admin.Topics;
import java.util.Optional;

/**
 * The parts of the node that the gRPC API uses. The server closes none of them.
 *
 * @param assignments the assignments of the pchannels
 * @param topics the topics
 * @param flushes the segments
 * @param tails reads any log, and shares its tail
 * @param readiness whether the node can do its work
 * @param owners the owners of logs by the cluster's state; empty if there is none: then a log itself says who holds it
 * @param tls how to serve TLS; empty for plain text
 * @param access decides who may do what; empty if everybody may do everything
 */
public record GrpcPorts(
        Assignments assignments,
        Topics topics,
        Flushes flushes,
        Tails tails,
        Readiness readiness,
        Optional<Owners> owners,
        Optional<ServerTls> tls,
        Optional<AccessGuard> access) {}
