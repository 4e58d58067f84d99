/** A log in a process of one's own. One class, with a main method that the README shows; one thread. */
@NullMarked
package io.seawall.examples.embedded;

import org.jspecify.annotations.NullMarked;
