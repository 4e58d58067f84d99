package io.seawall.cli.append;

import com.fasterxml.jackson.databind.JsonNode;
import io.seawall.cli.client.NodeFailure;
import io.seawall.cli.command.CommandFailed;
import io.seawall.wal.Effect;
import io.seawall.wal.WriterSeq;
import java.net.http.HttpRequest.BodyPublisher;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The batches of one writer session that are in flight, in the order of their numbers: at most as many as a log remembers,
 * so that each of them can be sent again. The acknowledged part is always a prefix of the input.
 *
 * <p>All state is guarded by this object's monitor.
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
     * Creates an empty window.
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
        private final AppendBatch batch;
        private final BodyPublisher body;
        private @Nullable JsonNode acknowledgement; // guarded by the window
        private boolean mayBeWritten; // guarded by the window

        private Numbered(WriterSeq writer, AppendBatch batch) {
            this.writer = writer;
            this.batch = batch;
            this.body = batch.finish();
        }

        WriterSeq writer() {
            return writer;
        }

        /** Returns the body, which may be sent more than once. */
        BodyPublisher body() {
            return body;
        }
    }

    /**
     * Waits until one more batch may be in flight, or the run has failed. The first batch goes alone, because its answer
     * shows whether the session is a new one.
     */
    synchronized void awaitRoom() throws InterruptedException {
        while (underWay.size() == (totals.records() == 0 ? 1 : SIZE) && failure == null) {
            wait();
        }
    }

    /** Numbers the next batch of the input. */
    synchronized Numbered add(AppendBatch batch) {
        var numbered = new Numbered(new WriterSeq(id, nextSeq), batch);
        nextSeq++;
        underWay.add(numbered);
        return numbered;
    }

    /** Returns whether every batch before this one is acknowledged. */
    synchronized boolean isOldest(Numbered batch) {
        return underWay.peek() == batch;
    }

    /** Waits until every batch before this one is acknowledged, or the run has failed. */
    synchronized void awaitOldest(Numbered batch) throws InterruptedException {
        while (underWay.peek() != batch && failure == null) {
            wait();
        }
    }

    /** Records a failed attempt. The batch may be in the log from then on, unless the attempt had no effect. */
    synchronized void attemptFailed(Numbered batch, Effect effect) {
        batch.mayBeWritten |= effect != Effect.NONE;
    }

    /** Returns whether a failed attempt may have written the batch. */
    synchronized boolean mayBeWritten(Numbered batch) {
        return batch.mayBeWritten;
    }

    /** Records an acknowledgement; it counts once all batches before it are acknowledged. */
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

    /** Ends the whole run, because the oldest batch in flight will not be acknowledged. */
    synchronized void fail(CommandFailed cause) {
        if (failure == null) {
            var records =
                    underWay.stream().mapToInt(batch -> batch.batch.records()).sum();
            var written = underWay.stream().anyMatch(batch -> batch.mayBeWritten);
            failure = new AppendFailed(totals, records, written, cause);
        }
        notifyAll();
    }

    /** Ends the input: no more batches follow. */
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
     * Waits until more is acknowledged than {@code known}.
     *
     * @return the acknowledged totals; {@code known} itself at the end
     * @throws AppendFailed with the number of acknowledged lines
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
