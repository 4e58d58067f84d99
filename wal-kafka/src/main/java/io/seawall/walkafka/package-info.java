/**
 * The contract of {@code io.seawall.wal} on Apache Kafka: a log is one partition, its writer holds two transactional
 * producers (lanes), and the term stands in every record. {@link io.seawall.walkafka.KafkaWals} is the door.
 *
 * <p>Kafka's clients stand behind the ports of {@link io.seawall.walkafka.port}; what is built on those alone
 * ({@link io.seawall.walkafka.Logs}) knows no Kafka type. An opened log is driven by one serial executor; Kafka's callbacks only post to it.
 */
@NullMarked
package io.seawall.walkafka;

import org.jspecify.annotations.NullMarked;
