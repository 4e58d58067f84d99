/** Runs the example and compares it with the code in the README. */
@NullMarked
package io.seawall.examples.client;

import org.jspecify.annotations.NullMarked;
