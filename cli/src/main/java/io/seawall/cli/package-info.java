/**
 * The command line. {@link io.seawall.cli.Seawall} parses, one small class per command talks to a node through
 * {@code NodeClient}, and results go to standard output, everything else to standard error. A command runs on the main
 * thread; only {@code append --lines} has a second one, which reads the input.
 */
@NullMarked
package io.seawall.cli;

import org.jspecify.annotations.NullMarked;
