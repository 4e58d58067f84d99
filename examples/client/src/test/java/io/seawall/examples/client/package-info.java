/** Runs the example. */
@NullMarked
package io.seawall.examples.client;

import org.jspecify.annotations.NullMarked;
