/**
 * The ports on Kafka's own clients, and the only package that knows Kafka's types: producers, consumers, the admin
 * client, their settings, what a cluster must be like, and the translation of every exception of Kafka's. Calls of
 * Kafka that block run on the executor for I/O; callbacks of Kafka's threads are handed on at once.
 */
@NullMarked
package io.seawall.walkafka.internal.client;

import org.jspecify.annotations.NullMarked;
