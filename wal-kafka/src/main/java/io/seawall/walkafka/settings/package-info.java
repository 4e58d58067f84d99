/**
 * What users of the module set: how logs are written, how to reach Kafka, and who writes. Immutable values, for any
 * thread.
 */
@NullMarked
package io.seawall.walkafka.settings;

import org.jspecify.annotations.NullMarked;
