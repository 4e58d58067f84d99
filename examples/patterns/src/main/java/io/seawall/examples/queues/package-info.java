/** A queue for each customer, on a few logs: one class with a main method. Its worker has a thread for each log. */
@NullMarked
package io.seawall.examples.queues;

import org.jspecify.annotations.NullMarked;
