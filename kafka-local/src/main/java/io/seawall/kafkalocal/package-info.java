/**
 * Real Kafka brokers as child processes, for dev mode, tests and benchmarks. Start with
 * {@link io.seawall.kafkalocal.LocalKafka#builder()}. The brokers' jars are on a separate class path; this package uses only
 * the JDK. Linux and other Unixes: signals are sent through {@code sh}.
 *
 * <p>{@link io.seawall.kafkalocal.LocalKafka} and {@link io.seawall.kafkalocal.LocalBroker} are thread-safe; the operations of
 * one broker wait for each other. {@link io.seawall.kafkalocal.LocalAuthority} makes certificates for them and for nodes.
 */
@NullMarked
package io.seawall.kafkalocal;

import org.jspecify.annotations.NullMarked;
