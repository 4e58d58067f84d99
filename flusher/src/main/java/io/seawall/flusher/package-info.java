/**
 * Turns the committed view of opened logs into segments: immutable Avro files on a store, each LSN in exactly one of
 * them. {@link io.seawall.flusher.Flusher} drives it: it locates, reads, seals, publishes, verifies and trims, within
 * budgets of memory and disk. The segments themselves are in {@link io.seawall.flusher.segment}, stores in {@link
 * io.seawall.flusher.store}, reading them back as part of the log in {@link io.seawall.flusher.history}.
 *
 * <p>Only an operator deletes segments, with their topic; none is deleted for its age. {@code Trims} decides what stays in
 * Kafka behind the segments, {@link io.seawall.flusher.UnflushedRetention} what stays there of logs that are not flushed.
 *
 * <p>Threads: one step of one pchannel runs at a time, on a small pool that all pchannels share; the public types may
 * be used from any thread.
 */
@NullMarked
package io.seawall.flusher;

import org.jspecify.annotations.NullMarked;
