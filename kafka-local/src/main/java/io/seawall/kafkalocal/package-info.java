/**
 * Real Kafka brokers as child processes, for dev mode, tests and benchmarks. Start with
 * {@link io.seawall.kafkalocal.LocalKafka#builder()}. The brokers' jars are on a class path of their own; this package uses
 * nothing but the JDK. Linux and other Unixes: signals are sent through {@code sh}.
 *
 * <p>Threads: {@link io.seawall.kafkalocal.LocalKafka} and {@link io.seawall.kafkalocal.LocalBroker} may be called from any
 * thread; the operations of one broker wait for each other.
 */
@NullMarked
package io.seawall.kafkalocal;

import org.jspecify.annotations.NullMarked;
