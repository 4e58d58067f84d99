/**
 * The command line. {@link io.seawall.cli.Seawall} parses the arguments, one small class per command sends requests to a
 * node through {@code NodeClient}, results go to standard output and everything else to standard error. A command runs on
 * the main thread; only {@code append --lines} starts others, to read the input and to send batches.
 */
@NullMarked
package io.seawall.cli;

import org.jspecify.annotations.NullMarked;
