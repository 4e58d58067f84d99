/**
 * {@code seawall read}: reads a log page by page, proves that no LSN is missing, and writes the records. On the main
 * thread.
 */
@NullMarked
package io.seawall.cli.read;

import org.jspecify.annotations.NullMarked;
