/**
 * Runs the code of a log one task at a time: mailbox, inbox, loops without recursion, waiters, futures, and clocks.
 * No type here depends on logs. Each type states which threads may call it and on which thread it calls back.
 */
@NullMarked
package io.seawall.walkafka.internal.serial;

import org.jspecify.annotations.NullMarked;
