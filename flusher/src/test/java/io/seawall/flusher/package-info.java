/** Tests of the flusher, most of them on one thread, with fakes that fail on demand. */
@NullMarked
package io.seawall.flusher;

import org.jspecify.annotations.NullMarked;
