/**
 * A simulated Kafka behind the ports of wal-kafka: partitions with a high watermark and deposed leaders that still answer,
 * transactions with epochs and markers, clients that retry as Kafka's do, a network that loses and delays messages. For tests
 * only.
 *
 * <p>One thread, one event queue, one seeded random source: the same seed gives the same run, byte for byte.
 */
@NullMarked
package io.seawall.kafkasim;

import org.jspecify.annotations.NullMarked;
