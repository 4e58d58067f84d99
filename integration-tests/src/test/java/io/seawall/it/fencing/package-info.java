/**
 * A paused owner comes back after another node took over, with fencing and, to prove the test, without it.
 */
@NullMarked
package io.seawall.it.fencing;

import org.jspecify.annotations.NullMarked;
