/**
 * Measures how long a log is away when another process takes it over. Runs on one thread; a watch has its own.
 */
@NullMarked
package io.seawall.benchmarks.takeover;

import org.jspecify.annotations.NullMarked;
