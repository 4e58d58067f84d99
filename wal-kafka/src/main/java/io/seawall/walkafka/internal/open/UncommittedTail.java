package io.seawall.walkafka.internal.open;

import io.seawall.wal.PChannel;
import io.seawall.walkafka.internal.format.Formats;
import io.seawall.walkafka.internal.format.LiveRule.Action;
import io.seawall.walkafka.internal.format.LogEntry;
import io.seawall.walkafka.internal.format.SessionReplay;
import io.seawall.walkafka.internal.format.WriterSessions;
import io.seawall.walkafka.internal.scan.CheckedRule;
import io.seawall.walkafka.internal.scan.DataLossErrors;
import io.seawall.walkafka.internal.scan.LogWindow;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Follows the live view from a window's base to the claim, and passes the batches that are not committed to the republication
 * (docs/protocol.md#opening, steps 4 and 5). Takes one record at a time.
 */
final class UncommittedTail {
    private final PChannel pchannel;
    private final Republication republication;
    private final SessionReplay sessions;
    private final long committedTail;
    private final List<LogEntry> batch = new ArrayList<>();
    private final CheckedRule rule;
    private @Nullable LogEntry last;
    private long lastTimestampMs;

    /**
     * Begins right behind a window's base.
     *
     * @param rule the live rule, at that place
     */
    UncommittedTail(
            PChannel pchannel,
            LogWindow window,
            CheckedRule rule,
            Republication republication,
            SessionReplay sessions) {
        this.pchannel = pchannel;
        this.rule = rule;
        this.committedTail = window.committedTail();
        this.lastTimestampMs = window.lastTimestampMs();
        this.republication = republication;
        this.sessions = sessions;
    }

    /** Takes the next record. The caller waits for the returned future before it takes another one. */
    CompletableFuture<?> take(LogEntry entry) {
        if (entry.header() == null) {
            return CompletableFuture.completedFuture(null);
        }
        Formats.check(pchannel, entry);
        last = entry;
        var step = rule.take(entry, entry.header());
        if (step.position().buffered() == 0 && step.action() != Action.DELIVER) {
            batch.clear(); // a batch that its owner did not finish was never acknowledged
        }
        return switch (step.action()) {
            case BUFFER -> buffer(entry);
            case DELIVER -> deliver(entry);
            case PASS, COPY, VOID, HOLD, FOREIGN -> CompletableFuture.completedFuture(null);
            case LOST_AND_REUSED, LOST_BEFORE, BROKEN_BATCH, FORGED ->
                CompletableFuture.failedFuture(DataLossErrors.found(pchannel, step, entry));
        };
    }

    private CompletableFuture<?> buffer(LogEntry entry) {
        batch.add(entry);
        return CompletableFuture.completedFuture(null);
    }

    private CompletableFuture<?> deliver(LogEntry entry) {
        batch.add(entry);
        lastTimestampMs = Math.max(lastTimestampMs, entry.timestampMs());
        var whole = List.copyOf(batch);
        batch.clear();
        // Below the committed tail: an earlier owner committed a copy of it, and died before its opening was done.
        if (next() <= committedTail) {
            return CompletableFuture.completedFuture(null);
        }
        whole.forEach(sessions::take);
        return republication.add(whole);
    }

    /** Returns the LSN after the last whole batch. */
    long next() {
        return rule.position().next();
    }

    /**
     * Refuses the log if readers, who know less about records of another program, would deliver other records than this walk took.
     * Called at the end of the walk.
     *
     * @throws io.seawall.wal.WalException with FORGED if they would
     */
    void refuseUnlessReadersAgree() {
        if (last != null && !rule.readersAgree()) {
            throw rule.forged(last);
        }
    }

    /** Returns the highest CreateTime in the log, in milliseconds since the epoch. */
    long lastTimestampMs() {
        return lastTimestampMs;
    }

    /** Returns the writer sessions after the last whole batch. */
    WriterSessions sessions() {
        return sessions.sessions();
    }
}
