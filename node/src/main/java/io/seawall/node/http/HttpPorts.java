package io.seawall.node.http;

import io.seawall.coordinator.member.Cluster;
import io.seawall.node.ports.Assignments;
import io.seawall.node.ports.Flushes;
import io.seawall.node.ports.Readiness;
import io.seawall.wal.WalReaders;
import io.seawall.walkafka.admin.Topics;
import java.util.Optional;

/**
 * The parts of the node that the HTTP API uses. The server closes none of them.
 *
 * @param assignments the assignments of the pchannels
 * @param topics the topics
 * @param flushes the segments
 * @param readers reads any log
 * @param readiness whether the node can do its work
 * @param cluster the cluster that this node is a member of; empty if it is none, as in mode {@code manual}
 */
public record HttpPorts(
        Assignments assignments,
        Topics topics,
        Flushes flushes,
        WalReaders readers,
        Readiness readiness,
        Optional<Cluster> cluster) {}
