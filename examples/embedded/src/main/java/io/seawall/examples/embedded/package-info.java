/** An application with a log inside its own process: one class with a main method, which docs/embedded.md shows. Uses one thread. */
@NullMarked
package io.seawall.examples.embedded;

import org.jspecify.annotations.NullMarked;
