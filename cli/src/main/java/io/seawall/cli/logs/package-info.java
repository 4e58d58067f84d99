/**
 * The commands about logs and topics on a node: {@code status}, {@code topics}, {@code assign}, {@code flush}, {@code
 * trim}. Each sends a request and reports the answer, on the main thread.
 */
@NullMarked
package io.seawall.cli.logs;

import org.jspecify.annotations.NullMarked;
