/**
 * {@code seawall segments}: lists, reads, verifies, exports and restores the segments of a store, with or without a
 * node. On the main thread.
 */
@NullMarked
package io.seawall.cli.segments;

import org.jspecify.annotations.NullMarked;
