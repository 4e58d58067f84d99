/**
 * Flushes a log while it is written, trims it, and reads it back through segments and Kafka. The flusher has its own
 * threads; the benchmark runs on one.
 */
@NullMarked
package io.seawall.benchmarks.flush;

import org.jspecify.annotations.NullMarked;
