/**
 * Reads a log whose older part is in segments and whose newer part is in Kafka, as one log: finds segments, verifies
 * each one once, keeps those read last in memory. A reader is used by one thread at a time; what readers share may be
 * used from any thread.
 */
@NullMarked
package io.seawall.flusher.history;

import org.jspecify.annotations.NullMarked;
