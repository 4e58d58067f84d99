/**
 * The reader. {@link io.seawall.client.internal.read.ReaderMachine} makes all decisions, without threads, clocks or I/O;
 * {@link io.seawall.client.internal.read.MessageQueue} hands messages to the user's thread, which converts them.
 */
@NullMarked
package io.seawall.client.internal.read;

import org.jspecify.annotations.NullMarked;
