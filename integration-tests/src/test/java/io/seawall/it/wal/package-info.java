/**
 * Logs in this process on a real broker without faults: readers, trims, restores.
 */
@NullMarked
package io.seawall.it.wal;

import org.jspecify.annotations.NullMarked;
