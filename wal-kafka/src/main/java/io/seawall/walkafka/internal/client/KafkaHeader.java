package io.seawall.walkafka.internal.client;

import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.NullUnmarked;

/**
 * A header in the form that Kafka's client accepts.
 *
 * @param key the name
 * @param value the bytes, or null
 */
@NullUnmarked // Kafka's interface has no nullness annotations; values may be null
@SuppressWarnings("ArrayRecordComponent") // never compared
record KafkaHeader(String key, byte[] value) implements Header {}
