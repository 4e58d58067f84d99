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
 * Commits how far a log is flushed as an offset of the flusher's group, from which any lag tool of Kafka computes the lag: the high
 * watermark minus this. It is the offset behind the last flushed record; once the owner has sent nothing that is not flushed, it is
 * the end of the log, so that markers and records of our own, which nobody flushes, do not look like a lag for ever. A lag of 0
 * means that all is flushed; any other one counts records, markers and records of our own together.
 *
 * <p>Only the newest position goes out, one request at a time, no more than one a second. Kafka forgets the offset of a log that
 * was not committed for {@code offsets.retention.minutes}; an idle log moves twice a day, and then it is committed again. On the
 * log's mailbox only.
 */
final class FlushOffsetCommitter {
    static final long BETWEEN_COMMITS_MS = 1_000;

    /** How often it is looked again for a marker that is still missing, or tried again after an error. */
    private static final int LOOKS = 10;

    private static final Logger LOG = LoggerFactory.getLogger(FlushOffsetCommitter.class);

    private final PChannel pchannel;
    private final FlushOffsets offsets;
    private final Owner owner;
    private final FlushOffsetCounts counts;

    private long flushed = -1; // the LSN below which all is flushed
    private long behind = -1; // the offset behind the record below it; -1 if it is not known
    private boolean wanted; // there is something to commit
    private boolean busy; // a request, or the pause behind one, is under way
    private boolean over;
    private int looksLeft;
    private List<CompletableFuture<Void>> waiting = new ArrayList<>(); // for the next request
    private List<CompletableFuture<Void>> asking = new ArrayList<>(); // for the one under way

    /** What the log has to tell, and where things run. */
    interface Owner {
        /** Posts to the mailbox. From any thread. */
        void post(Runnable task);

        /** Posts to the mailbox after a time. */
        void postAfter(long delayMs, Runnable task);

        /** The LSN behind everything that was ever sent; -1 if that is not known at present. */
        long nextLsn();

        /** Completes a caller's future, behind the mailbox. */
        void answer(Runnable completion);
    }

    FlushOffsetCommitter(PChannel pchannel, FlushOffsets offsets, FlushOffsetCounts counts, Owner owner) {
        this.pchannel = pchannel;
        this.offsets = offsets;
        this.counts = counts;
        this.owner = owner;
    }

    /** Takes a report; one that is not newer than the last one repeats it. */
    void flushed(long nextLsn, long nextOffset, CompletableFuture<Void> recorded) {
        if (over) {
            owner.answer(() -> recorded.complete(null));
            return;
        }
        if (nextLsn > flushed) {
            flushed = nextLsn;
            behind = nextOffset;
        } else if (nextLsn == flushed) {
            behind = Math.max(behind, nextOffset);
        }
        waiting.add(recorded);
        want();
    }

    /** The log has committed something: if it was all flushed before and still is, it ends further back now. */
    void moved() {
        if (!over && flushed >= 0 && owner.nextLsn() == flushed) {
            want();
        }
    }

    private void want() {
        looksLeft = LOOKS;
        wanted = true;
        pump();
    }

    private void pump() {
        if (busy || !wanted || over) {
            return;
        }
        busy = true;
        wanted = false;
        asking = waiting;
        waiting = new ArrayList<>();
        if (owner.nextLsn() == flushed) {
            Futures.listen(offsets.ends(pchannel), (ends, error) -> owner.post(() -> looked(ends, error)));
        } else {
            commit(behind);
        }
    }

    /** Nothing was sent while it was looked, so all that stands below that end is flushed or need not be. */
    private void looked(@Nullable Ends ends, @Nullable Throwable error) {
        if (ends == null) {
            done(error);
            return;
        }
        if (owner.nextLsn() != flushed) {
            commit(behind);
            return;
        }
        if (ends.stable() < ends.high()) {
            lookAgain(); // the marker of the last commit is still to come: Kafka answers a commit before it writes it
        }
        commit(ends.stable());
    }

    private void commit(long offset) {
        if (offset < 0) {
            done(null); // where the record is nobody knows; the next report will tell
            return;
        }
        Futures.listen(offsets.commit(pchannel, offset), (nothing, error) -> owner.post(() -> done(error)));
    }

    private void lookAgain() {
        if (looksLeft > 0) {
            looksLeft--;
            wanted = true;
        }
    }

    private void done(@Nullable Throwable error) {
        if (error == null) {
            counts.succeeded();
        } else {
            failed(error);
            lookAgain();
        }
        var told = asking;
        asking = new ArrayList<>();
        told.forEach(each -> owner.answer(() -> each.complete(null)));
        owner.postAfter(BETWEEN_COMMITS_MS, () -> {
            busy = false;
            pump();
        });
    }

    private void failed(Throwable error) {
        if (counts.failed()) {
            LOG.atWarn()
                    .setMessage(
                            "the flush position is not committed as a group offset: lag tools show too much, logs are not"
                                    + " concerned; said once until it works again")
                    .addKeyValue("pchannel", pchannel)
                    .addKeyValue("error", FutureErrors.unwrapped(error).getMessage())
                    .log();
        }
    }

    /** The log is over: nothing goes out any more, and nobody waits. */
    void over() {
        over = true;
        var told = new ArrayList<>(waiting);
        told.addAll(asking);
        waiting.clear();
        asking = new ArrayList<>();
        told.forEach(each -> owner.answer(() -> each.complete(null)));
    }
}
