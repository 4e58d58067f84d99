/**
 * The command line. {@link io.seawall.cli.Seawall} parses the arguments and runs one command; results go to standard
 * output, everything else to standard error. A package below holds the commands of one subject. A command runs on the
 * main thread; only {@code append --lines} has a second one, which reads the input.
 */
@NullMarked
package io.seawall.cli;

import org.jspecify.annotations.NullMarked;
