/**
 * Turns the committed view of opened logs into segments: immutable Avro files on a store, each LSN in exactly one of them. One
 * step of one pchannel runs at a time, on a small pool that all pchannels share; the public types are thread-safe.
 * {@code docs/segments.md} defines the segment format byte for byte.
 */
@NullMarked
package io.seawall.flusher;

import org.jspecify.annotations.NullMarked;
