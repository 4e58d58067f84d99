/**
 * What the benchmarks share: brokers, clocks, load and its limits, latencies, and the report of a pair of sides. Each
 * type says which threads may use it.
 */
@NullMarked
package io.seawall.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
