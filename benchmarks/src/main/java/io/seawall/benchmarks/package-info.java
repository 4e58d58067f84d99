/**
 * Measures wal-kafka in process against Kafka's bare clients with the same settings, in one run on the same brokers
 * (docs/performance.md). A benchmark runs on the thread that calls it; clients call back on threads of theirs, which only count.
 */
@NullMarked
package io.seawall.benchmarks;

import org.jspecify.annotations.NullMarked;
