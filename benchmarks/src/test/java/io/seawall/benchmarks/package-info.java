/** Tests of the benchmarks: of their arithmetic, and of a very short run of each. */
@NullMarked
package io.seawall.benchmarks;

import org.jspecify.annotations.NullMarked;
