/**
 * The writer. {@link io.seawall.client.internal.write.WriterMachine} makes all decisions, without threads, clocks or I/O;
 * {@link io.seawall.client.internal.write.Accumulator} takes appends from any thread; the rest carries decisions out on the
 * client's thread.
 */
@NullMarked
package io.seawall.client.internal.write;

import org.jspecify.annotations.NullMarked;
