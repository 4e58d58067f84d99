package io.seawall.walkafka.internal.write;

import io.seawall.wal.FutureErrors;
import io.seawall.wal.PChannel;
import io.seawall.walkafka.internal.open.FlushOffsetCounts;
import io.seawall.walkafka.internal.serial.Futures;
import io.seawall.walkafka.port.FlushOffsets;
import io.seawall.walkafka.port.FlushOffsets.Ends;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits the flush position of a log as an offset of the flusher's group (docs/protocol.md#flush-position), so that Kafka's tools
 * show a lag: the high watermark minus that offset. The offset is the one after the last flushed record. Once everything that was
 * sent is flushed, it is the end of the log; otherwise markers and control records, which are not flushed, would look like a lag for
 * ever. So a lag of 0 means that all is flushed. Any other lag counts records, markers and control records together.
 *
 * <p>Only the newest position is committed, with one request at a time and at most one a second. Kafka forgets an offset that was
 * not committed for {@code offsets.retention.minutes}; an idle log moves twice a day and then commits it again. Used on the mailbox
 * only.
 */
final class FlushOffsetCommitter {
    static final long BETWEEN_COMMITS_MS = 1_000;

    /** How often a commit is repeated because a marker is missing or an error came. */
    private static final int MOST_REPETITIONS = 10;

    private static final Logger LOG = LoggerFactory.getLogger(FlushOffsetCommitter.class);

    private final PChannel pchannel;
    private final FlushOffsets offsets;
    private final Owner owner;
    private final FlushOffsetCounts counts;

    private long flushed = -1; // everything below this LSN is flushed
    private long flushedOffset = -1; // the offset after the last flushed record; -1 if it is not known
    private boolean wanted; // whether there is something to commit
    private boolean busy; // whether a request, or the pause after it, is in progress
    private boolean over;
    private int repetitionsLeft;
    private List<CompletableFuture<Void>> waiting = new ArrayList<>(); // callers that wait for the next request
    private List<CompletableFuture<Void>> inRequest = new ArrayList<>(); // callers that wait for the current one

    /** The log that the position belongs to. */
    interface Owner {
        /** Posts a task to the mailbox. Thread-safe. */
        void post(Runnable task);

        /** Posts a task to the mailbox after a delay in milliseconds. */
        void postAfter(long delayMs, Runnable task);

        /** Returns the LSN after the last record that was sent; -1 while the log has no writer. */
        long nextLsn();

        /** Completes a caller's future, after the mailbox's turn. */
        void answer(Runnable completion);
    }

    FlushOffsetCommitter(PChannel pchannel, FlushOffsets offsets, FlushOffsetCounts counts, Owner owner) {
        this.pchannel = pchannel;
        this.offsets = offsets;
        this.counts = counts;
        this.owner = owner;
    }

    /** Takes a report of the flusher. A report that is not newer than the last one commits the position again. */
    void flushed(long nextLsn, long nextOffset, CompletableFuture<Void> recorded) {
        if (over) {
            owner.answer(() -> recorded.complete(null));
            return;
        }
        if (nextLsn > flushed) {
            flushed = nextLsn;
            flushedOffset = nextOffset;
        } else if (nextLsn == flushed) {
            flushedOffset = Math.max(flushedOffset, nextOffset);
        }
        waiting.add(recorded);
        want();
    }

    /** Notes that the log has committed something. If all of it is flushed, the position moves to the new end. */
    void moved() {
        if (!over && flushed >= 0 && owner.nextLsn() == flushed) {
            want();
        }
    }

    private void want() {
        repetitionsLeft = MOST_REPETITIONS;
        wanted = true;
        pump();
    }

    private void pump() {
        if (busy || !wanted || over) {
            return;
        }
        busy = true;
        wanted = false;
        inRequest = waiting;
        waiting = new ArrayList<>();
        if (owner.nextLsn() == flushed) {
            Futures.listen(offsets.ends(pchannel), (ends, error) -> owner.post(() -> gotEnds(ends, error)));
        } else {
            commit(flushedOffset);
        }
    }

    /** Commits the end of the log, unless something was sent meanwhile: then records below that end may not be flushed. */
    private void gotEnds(@Nullable Ends ends, @Nullable Throwable error) {
        if (ends == null) {
            done(error);
            return;
        }
        if (owner.nextLsn() != flushed) {
            commit(flushedOffset);
            return;
        }
        if (ends.stable() < ends.high()) {
            repeat(); // the marker of the last commit is missing: Kafka answers a commit before it writes the marker
        }
        commit(ends.stable());
    }

    private void commit(long offset) {
        if (offset < 0) {
            done(null); // not known; the next report has it
            return;
        }
        Futures.listen(offsets.commit(pchannel, offset), (nothing, error) -> owner.post(() -> done(error)));
    }

    private void repeat() {
        if (repetitionsLeft > 0) {
            repetitionsLeft--;
            wanted = true;
        }
    }

    private void done(@Nullable Throwable error) {
        if (error == null) {
            counts.succeeded();
        } else {
            failed(error);
            repeat();
        }
        var answered = inRequest;
        inRequest = new ArrayList<>();
        answered.forEach(each -> owner.answer(() -> each.complete(null)));
        owner.postAfter(BETWEEN_COMMITS_MS, () -> {
            busy = false;
            pump();
        });
    }

    private void failed(Throwable error) {
        if (counts.failed()) {
            LOG.atWarn()
                    .setMessage(
                            "the flush position is not committed as a group offset: tools show too large a lag, logs are not"
                                    + " affected; logged once until it works again")
                    .addKeyValue("pchannel", pchannel)
                    .addKeyValue("error", FutureErrors.unwrapped(error).getMessage())
                    .log();
        }
    }

    /** Ends the commits, and answers all callers. */
    void over() {
        over = true;
        var answered = new ArrayList<>(waiting);
        answered.addAll(inRequest);
        waiting.clear();
        inRequest = new ArrayList<>();
        answered.forEach(each -> owner.answer(() -> each.complete(null)));
    }
}
