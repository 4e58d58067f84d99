/** Runs the example. */
@NullMarked
package io.seawall.examples.embedded;

import org.jspecify.annotations.NullMarked;
