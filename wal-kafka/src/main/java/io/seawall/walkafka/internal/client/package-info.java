/**
 * The ports on Kafka's clients, and the only package that knows Kafka's types: producers, consumers, the admin client,
 * their settings, the checks of a cluster, and the translation of Kafka's exceptions. Calls that block run on the
 * executor for I/O; callbacks on Kafka's threads only pass their result on.
 */
@NullMarked
package io.seawall.walkafka.internal.client;

import org.jspecify.annotations.NullMarked;
