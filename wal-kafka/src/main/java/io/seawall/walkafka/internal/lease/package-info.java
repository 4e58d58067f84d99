/**
 * Writes to an opened log through its two lanes: admits appends, keeps those in flight in order, switches lanes and
 * commits leases. {@code TopicWatch} detects a topic that is deleted meanwhile; the recovery that follows ends the log. Runs
 * on the mailbox of the log; producers' threads only note acknowledgements and post.
 */
@NullMarked
package io.seawall.walkafka.internal.lease;

import org.jspecify.annotations.NullMarked;
