/**
 * Appends to {@code wal-kafka} and to a bare producer of Kafka, in one run on the same brokers. One thread sends, the
 * clients' threads answer.
 */
@NullMarked
package io.seawall.benchmarks.append;

import org.jspecify.annotations.NullMarked;
