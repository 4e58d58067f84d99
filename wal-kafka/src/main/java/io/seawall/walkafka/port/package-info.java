/**
 * What the protocol needs from Kafka, clocks and threads, narrow enough to be simulated: a transactional producer pinned to one
 * partition, a cursor over one partition, topic descriptions, deletion of old records, offsets of the flusher, time. Kafka's
 * types and exceptions stay behind these interfaces.
 *
 * <p>Everything here is asynchronous. Each type documents which threads may call it and on which thread it completes.
 */
@NullMarked
package io.seawall.walkafka.port;

import org.jspecify.annotations.NullMarked;
