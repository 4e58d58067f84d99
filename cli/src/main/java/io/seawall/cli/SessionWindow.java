package io.seawall.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.seawall.wal.Effect;
import io.seawall.wal.WriterSeq;
import java.net.http.HttpRequest.BodyPublisher;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The batches of one writer session that are under way, in the order of their numbers: at most as many as a log remembers, so
 * that each of them can be sent again. What counts as acknowledged is always a prefix of the input.
 *
 * <p>Everything is guarded by this object's monitor.
 */
final class SessionWindow {
    static final int SIZE = WriterSeq.REMEMBERED;

    private final String id;
    private final Deque<Numbered> underWay = new ArrayDeque<>();
    private long nextSeq;
    private AppendTotals totals = AppendTotals.NOTHING;
    private boolean inputEnded;
    private @Nullable CommandFailed inputFailure;
    private @Nullable CommandFailed failure;

    /**
     * A window.
     *
     * @param first the number of the first batch
     */
    SessionWindow(WriterSeq first) {
        this.id = first.id();
        this.nextSeq = first.seq();
    }

    /** A batch with its number. */
    static final class Numbered {
        private final WriterSeq writer;
        private final Batch batch;
        private final BodyPublisher body;
        private @Nullable JsonNode acknowledgement; // guarded by the window
        private boolean mayBeWritten; // likewise

        private Numbered(WriterSeq writer, Batch batch) {
            this.writer = writer;
            this.batch = batch;
            this.body = batch.finish();
        }

        WriterSeq writer() {
            return writer;
        }

        /** May be sent more than once. */
        BodyPublisher body() {
            return body;
        }
    }

    /**
     * Waits until one more batch may be under way, or the end. The first one goes alone: its answer tells whether the session is
     * a new one, before others follow.
     */
    synchronized void awaitRoom() throws InterruptedException {
        while (underWay.size() == (totals.records() == 0 ? 1 : SIZE) && failure == null) {
            wait();
        }
    }

    /** Numbers the next batch of the input. */
    synchronized Numbered add(Batch batch) {
        var numbered = new Numbered(new WriterSeq(id, nextSeq), batch);
        nextSeq++;
        underWay.add(numbered);
        return numbered;
    }

    /** Whether every batch before this one is acknowledged. */
    synchronized boolean isOldest(Numbered batch) {
        return underWay.peek() == batch;
    }

    /** Waits until every batch before this one is acknowledged, or the end. */
    synchronized void awaitOldest(Numbered batch) throws InterruptedException {
        while (underWay.peek() != batch && failure == null) {
            wait();
        }
    }

    /** Notes an attempt that failed; from then on the batch may be in the log if the attempt may have written it. */
    synchronized void attemptFailed(Numbered batch, Effect effect) {
        batch.mayBeWritten |= effect != Effect.NONE;
    }

    /** Whether an attempt that failed may have written the batch. */
    synchronized boolean mayBeWritten(Numbered batch) {
        return batch.mayBeWritten;
    }

    /** Takes an acknowledgement; it counts once those of all batches before it are there. */
    synchronized void acknowledged(Numbered batch, JsonNode acknowledgement) {
        batch.acknowledgement = acknowledgement;
        for (var oldest = underWay.peek(); oldest != null && failure == null; oldest = underWay.peek()) {
            var answer = oldest.acknowledgement;
            if (answer == null) {
                break;
            }
            try {
                totals = totals.plus(oldest.batch, answer);
                underWay.remove();
            } catch (NodeFailure wrong) {
                oldest.mayBeWritten = true;
                fail(wrong);
            }
        }
        notifyAll();
    }

    /** Ends the whole run: the oldest batch under way will not be acknowledged. */
    synchronized void fail(CommandFailed cause) {
        if (failure == null) {
            var records =
                    underWay.stream().mapToInt(batch -> batch.batch.records()).sum();
            var written = underWay.stream().anyMatch(batch -> batch.mayBeWritten);
            failure = new AppendFailed(totals, records, written, cause);
        }
        notifyAll();
    }

    /** No more batches will come. */
    synchronized void inputEnded(@Nullable CommandFailed why) {
        inputEnded = true;
        inputFailure = why;
        notifyAll();
    }

    synchronized boolean isOver() {
        return failure != null || (inputEnded && underWay.isEmpty());
    }

    synchronized AppendTotals totals() {
        return totals;
    }

    /**
     * Waits for more to be acknowledged than this.
     *
     * @return what is acknowledged now; the same at the end
     * @throws AppendFailed with the count of lines that were acknowledged
     */
    synchronized AppendTotals await(AppendTotals known) throws InterruptedException {
        while (totals.records() == known.records() && !isOver()) {
            wait();
        }
        if (failure != null) {
            throw failure;
        }
        if (isOver() && inputFailure != null) {
            throw new AppendFailed(totals, 0, false, inputFailure);
        }
        return totals;
    }
}
