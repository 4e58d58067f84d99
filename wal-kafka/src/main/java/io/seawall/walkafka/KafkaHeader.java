package io.seawall.walkafka;

import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.NullUnmarked;

/**
 * A header as Kafka's client takes it.
 *
 * @param key the name
 * @param value the bytes, or null
 */
@NullUnmarked // Kafka's interface says nothing about null; null values are allowed
@SuppressWarnings("ArrayRecordComponent") // handed to the client at once
record KafkaHeader(String key, byte[] value) implements Header {}
