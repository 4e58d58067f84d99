/**
 * Opens many logs at once and measures it. Runs on one thread.
 */
@NullMarked
package io.seawall.benchmarks.open;

import org.jspecify.annotations.NullMarked;
