/**
 * The contract of {@code io.seawall.wal} on Apache Kafka: a log is one partition, its writer holds two transactional
 * producers (lanes), and every record contains the term. Start with {@link io.seawall.walkafka.KafkaWals}.
 *
 * <p>This package, {@link io.seawall.walkafka.settings} and {@link io.seawall.walkafka.admin} are the API. {@link
 * io.seawall.walkafka.port} is what the protocol needs of Kafka. Everything below {@code internal} may change at any
 * time: its types are public only because Java has no other way to share them between packages.
 *
 * <p>Threads: the public types may be used from any thread.
 */
@NullMarked
package io.seawall.walkafka;

import org.jspecify.annotations.NullMarked;
