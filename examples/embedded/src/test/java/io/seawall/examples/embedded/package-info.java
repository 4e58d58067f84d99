/** Runs the example, and compares it with what the README shows. */
@NullMarked
package io.seawall.examples.embedded;

import org.jspecify.annotations.NullMarked;
