package io.seawall.client.internal.write;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a machine is told at its beginning.
 *
 * @param pchannel the log, for messages
 * @param session the id of the writer session, or null for none
 * @param firstSeq the number of the session's first batch
 * @param newSession makes the ids of further sessions, or null if the session must not be replaced
 * @param firstTime whether each number is sent for the first time, so that a batch that the log has already is another program's
 * @param stopAtFailure whether the first failure ends the writer
 * @param answerTimeoutMs how long the oldest batch in flight may be without an answer
 * @param openTimeoutMs how long opening a call may take
 */
record MachineSettings(
        String pchannel,
        @Nullable String session,
        long firstSeq,
        @Nullable Supplier<String> newSession,
        boolean firstTime,
        boolean stopAtFailure,
        long answerTimeoutMs,
        long openTimeoutMs) {}
