/**
 * What nodes of a cluster tell each other without Kafka: that a process is dead, and how much is appended to which log; and who owns
 * a log by the cluster's state. A link to a peer has a thread of its own, because it reads from a socket; everything else runs on
 * the threads of its callers and does not block.
 */
@NullMarked
package io.seawall.node.peer;

import org.jspecify.annotations.NullMarked;
