/** A state machine whose input is a log: one class with a main method. Uses one thread. */
@NullMarked
package io.seawall.examples.statemachine;

import org.jspecify.annotations.NullMarked;
