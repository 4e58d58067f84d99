/**
 * Fakes of the ports with knobs for faults, and a clock that tests move by hand. Used by the thread of the test only.
 */
@NullMarked
package io.seawall.walkafka.internal.fake;

import org.jspecify.annotations.NullMarked;
