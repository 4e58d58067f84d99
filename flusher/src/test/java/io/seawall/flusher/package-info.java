/** Tests of the flusher. Most of them run on one thread, with fakes that fail on demand. */
@NullMarked
package io.seawall.flusher;

import org.jspecify.annotations.NullMarked;
