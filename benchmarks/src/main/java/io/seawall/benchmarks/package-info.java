/**
 * Compares wal-kafka in process with Kafka's bare clients with the same settings, in one run on the same brokers
 * (docs/performance.md). A benchmark runs on its caller's thread; the clients' own threads run callbacks, which only count.
 */
@NullMarked
package io.seawall.benchmarks;

import org.jspecify.annotations.NullMarked;
