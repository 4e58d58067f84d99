/**
 * The records of the meta topic, their bytes, and the cluster's state that follows from them; see docs/coordinator.md#records.
 *
 * <p>Everything here is immutable and uses no clock and no I/O.
 */
@NullMarked
package io.seawall.coordinator.meta;

import org.jspecify.annotations.NullMarked;
