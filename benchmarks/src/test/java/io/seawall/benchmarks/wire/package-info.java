/** Tests of the benchmark of a node, without one. */
@NullMarked
package io.seawall.benchmarks.wire;

import org.jspecify.annotations.NullMarked;
