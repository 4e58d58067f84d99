/**
 * The format of a segment: its name, its header, its blocks, and the code that writes and decodes them. {@code
 * docs/segments.md} describes each byte. Values are immutable; a writer or decoder is used by one thread at a time.
 */
@NullMarked
package io.seawall.flusher.segment;

import org.jspecify.annotations.NullMarked;
