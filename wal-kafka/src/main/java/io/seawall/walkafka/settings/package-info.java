/**
 * The settings of the module's users: how to write logs, how to reach Kafka, and the identity of the node. Immutable
 * values, thread-safe.
 */
@NullMarked
package io.seawall.walkafka.settings;

import org.jspecify.annotations.NullMarked;
