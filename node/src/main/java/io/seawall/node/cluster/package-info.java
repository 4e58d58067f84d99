/**
 * A node as a member of the cluster: opens and closes logs as the assignments say, reports what became of them, keeps the
 * cluster's topics those of Kafka, hands everything over before the process ends, and shows the rest of the node who owns what.
 * The cluster calls with news on one thread of its own, on which nothing here blocks.
 */
@NullMarked
package io.seawall.node.cluster;

import org.jspecify.annotations.NullMarked;
