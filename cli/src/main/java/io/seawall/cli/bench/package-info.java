/**
 * {@code seawall bench}: runs the benchmarks in this process and prints their figures. The benchmarks have their own
 * threads; the commands run on the main thread.
 */
@NullMarked
package io.seawall.cli.bench;

import org.jspecify.annotations.NullMarked;
