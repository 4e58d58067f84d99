/**
 * {@code seawall read}: reads a log with a reader of the Java client, which proves that no LSN is missing, and writes the records.
 * On the main thread.
 */
@NullMarked
package io.seawall.cli.read;

import org.jspecify.annotations.NullMarked;
