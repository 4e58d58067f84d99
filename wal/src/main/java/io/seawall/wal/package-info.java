/**
 * The contract of a write-ahead log: how a log is named, what it holds, who may write it and how it fails. Nothing here depends
 * on Kafka. Every type is immutable or documents which threads may call it.
 */
@NullMarked
package io.seawall.wal;

import org.jspecify.annotations.NullMarked;
