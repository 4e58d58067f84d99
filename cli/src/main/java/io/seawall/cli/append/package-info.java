/**
 * {@code seawall append}: one record, or each line of an input in batches of a writer session. One thread reads the
 * input, the main thread sends; {@code BatchQueue} is between them.
 */
@NullMarked
package io.seawall.cli.append;

import org.jspecify.annotations.NullMarked;
