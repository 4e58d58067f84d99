/**
 * The opened log that callers hold: it checks and queues appends, takes the log back after an error of a lane, trims,
 * and records how far the log is flushed. Callers post to the mailbox of the log, which runs the rest; futures complete
 * on a second mailbox.
 */
@NullMarked
package io.seawall.walkafka.internal.write;

import org.jspecify.annotations.NullMarked;
