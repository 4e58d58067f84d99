/**
 * The ports of {@link io.seawall.coordinator.member} on Kafka's clients: the group, the meta topic, and the member that uses them.
 * The only package of this module that knows Kafka. Each thread has one client that may block it; callers are never blocked.
 */
@NullMarked
package io.seawall.coordinator.kafka;

import org.jspecify.annotations.NullMarked;
