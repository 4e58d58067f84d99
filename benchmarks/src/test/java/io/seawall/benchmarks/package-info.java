/** Tests of the benchmarks: their arithmetic, and a very short run of each. */
@NullMarked
package io.seawall.benchmarks;

import org.jspecify.annotations.NullMarked;
