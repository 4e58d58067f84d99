/**
 * Implements {@code io.seawall.wal} on Apache Kafka. A log is one partition, its writer has two transactional producers (lanes),
 * and every record carries the writer's term. {@link io.seawall.walkafka.KafkaWals} is the entry point.
 *
 * <p>Kafka's clients are used through the ports of {@link io.seawall.walkafka.port}; the code above the ports, which starts at
 * {@link io.seawall.walkafka.Logs}, uses no Kafka type. Each opened log runs on one serial executor; Kafka's callbacks only post
 * to it.
 */
@NullMarked
package io.seawall.walkafka;

import org.jspecify.annotations.NullMarked;
