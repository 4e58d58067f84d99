/**
 * Readers: they follow a log from a place, each on a consumer of its own, and share one consumer at the tail. A reader
 * runs on the thread of its caller, one thread at a time; what readers share may be used from any thread.
 */
@NullMarked
package io.seawall.walkafka.internal.read;

import org.jspecify.annotations.NullMarked;
