/**
 * Which node owns which pchannel at which term, decided by one node of the cluster and written to the meta topic; see
 * docs/coordinator.md.
 *
 * <p>Everything here is a value: an event returns the next value and the actions to take. No threads, no clock, no randomness, no
 * Kafka client and no I/O.
 */
@NullMarked
package io.seawall.coordinator;

import org.jspecify.annotations.NullMarked;
