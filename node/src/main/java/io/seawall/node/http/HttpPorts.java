package io.seawall.node.http;

import io.seawall.node.ports.Assignments;
import io.seawall.node.ports.Flushes;
import io.seawall.node.ports.Readiness;
import io.seawall.wal.WalReaders;
import io.seawall.walkafka.admin.Topics;

/**
 * The parts of the node that the HTTP API uses. The server closes none of them.
 *
 * @param assignments the assignments of the pchannels
 * @param topics the topics
 * @param flushes the segments
 * @param readers reads any log
 * @param readiness whether the node can do its work
 */
public record HttpPorts(
        Assignments assignments, Topics topics, Flushes flushes, WalReaders readers, Readiness readiness) {}
