/**
 * Searches a log with a cursor: finds the window at its end, the offset of an LSN or of a time, the last snapshot, and the
 * holder. A search runs on the thread that its cursor answers on; one search for each cursor at a time.
 */
@NullMarked
package io.seawall.walkafka.internal.scan;

import org.jspecify.annotations.NullMarked;
