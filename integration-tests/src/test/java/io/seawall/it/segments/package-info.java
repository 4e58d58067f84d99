/**
 * Flushers and stores: nodes killed and stopped in every phase of flushing, stores that fail, and what the segments
 * hold in the end. A test runs on one thread.
 */
@NullMarked
package io.seawall.it.segments;

import org.jspecify.annotations.NullMarked;
