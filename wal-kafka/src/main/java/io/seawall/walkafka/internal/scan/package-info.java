/**
 * Looks through a log on a cursor: the window at its end, the place of an LSN or of a moment, the last snapshot, who
 * holds it. A search runs on the thread that its cursor answers on, one search for each cursor at a time.
 */
@NullMarked
package io.seawall.walkafka.internal.scan;

import org.jspecify.annotations.NullMarked;
