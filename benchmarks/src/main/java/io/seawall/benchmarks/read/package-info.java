/**
 * Reads through {@code wal-kafka} and through a bare consumer, and measures how long a record takes from one side to
 * the other. One thread for each reader.
 */
@NullMarked
package io.seawall.benchmarks.read;

import org.jspecify.annotations.NullMarked;
