/** A database that follows a log, exactly once: one class with a main method. Uses one thread. */
@NullMarked
package io.seawall.examples.changefeed;

import org.jspecify.annotations.NullMarked;
