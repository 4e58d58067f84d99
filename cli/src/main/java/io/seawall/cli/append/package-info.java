/**
 * {@code seawall append}: one record over HTTP, or each line of an input with a writer of the Java client. One thread reads the
 * input and gives lines to the client, the main thread waits; {@code LineWindow} is between them and the client's answers.
 */
@NullMarked
package io.seawall.cli.append;

import org.jspecify.annotations.NullMarked;
