/**
 * Readers: each follows a log on a consumer of its own, and shares one consumer with the others at the tail. A reader runs on
 * the thread of its caller, one thread at a time; the objects that readers share are thread-safe.
 */
@NullMarked
package io.seawall.walkafka.internal.read;

import org.jspecify.annotations.NullMarked;
