/**
 * The contract of a write-ahead log: what a log is called, what is in it, who may write it and how it fails. Nothing here
 * knows Kafka. Every type is immutable or says which thread may call it.
 */
@NullMarked
package io.seawall.wal;

import org.jspecify.annotations.NullMarked;
