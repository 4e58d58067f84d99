/**
 * What the protocol needs of Kafka, of clocks and of threads, narrow enough to be simulated: a transactional producer pinned to
 * one partition, a cursor over one partition, facts about topics, deletion of old records, offsets of the flusher, time. Kafka's own types and exceptions stay behind it.
 *
 * <p>Everything here is asynchronous; which thread may call what, and which one answers, stands at each type.
 */
@NullMarked
package io.seawall.walkafka.port;

import org.jspecify.annotations.NullMarked;
