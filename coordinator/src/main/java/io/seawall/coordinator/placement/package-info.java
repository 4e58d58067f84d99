/**
 * Decides where each log is to be: pure functions of the cluster's state, its members, what was seen so far and the time; see
 * docs/coordinator.md#placement.
 *
 * <p>Everything public here is immutable. No clock, no randomness and no I/O: the same input gives the same plan.
 */
@NullMarked
package io.seawall.coordinator.placement;

import org.jspecify.annotations.NullMarked;
