/**
 * Puts the protocol together: logs on any ports, and the ports on Kafka with their threads. Only the API, the simulation and the
 * tests of the ports use it.
 *
 * <p>Threads: every type may be used from any thread.
 */
@NullMarked
package io.seawall.walkafka.internal.runtime;

import org.jspecify.annotations.NullMarked;
