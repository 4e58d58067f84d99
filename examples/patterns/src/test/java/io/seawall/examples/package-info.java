/** Runs the examples. */
@NullMarked
package io.seawall.examples;

import org.jspecify.annotations.NullMarked;
