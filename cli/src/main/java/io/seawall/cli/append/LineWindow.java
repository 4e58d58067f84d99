package io.seawall.cli.append;

import io.seawall.cli.client.NodeFailure;
import io.seawall.cli.command.CommandFailed;
import io.seawall.client.log.Ack;
import io.seawall.client.log.Codes;
import io.seawall.client.log.Effect;
import io.seawall.client.log.LogWriter;
import io.seawall.client.log.SeawallException;
import org.jspecify.annotations.Nullable;

/**
 * The lines that were given to the client and are not answered, and what came of the others. The acknowledged lines are always the
 * first ones of the input, since the writer ends with its first failure.
 *
 * <p>All state is guarded by this object's monitor.
 */
final class LineWindow {
    /** As many lines as five batches in flight and five that wait for them. */
    static final int MOST_LINES = 10_000;

    private final boolean firstGoesAlone;
    private AppendTotals totals = AppendTotals.NOTHING;
    private long given; // lines
    private long answered; // lines, acknowledged or failed
    private @Nullable LineGroup failed; // the first one of the input that failed
    private @Nullable SeawallException failure; // why it failed
    private long lastUnknownLine; // of the failed ones that may have been written; 0 for none
    private boolean inputEnded;
    private @Nullable CommandFailed inputFailure;
    private boolean stopped;

    /**
     * Creates an empty window.
     *
     * @param firstGoesAlone whether the first group has to be acknowledged before another one is given, because its answer shows
     *     whether the session is a new one
     */
    LineWindow(boolean firstGoesAlone) {
        this.firstGoesAlone = firstGoesAlone;
    }

    /**
     * Waits until one more group may be given to the client, and counts it.
     *
     * @return false if no more is to be given
     */
    synchronized boolean add(LineGroup group) throws InterruptedException {
        while (isRunning() && given > answered && given - answered + group.lines() > most()) {
            wait();
        }
        if (isRunning()) {
            given += group.lines();
        }
        return isRunning();
    }

    private int most() {
        return firstGoesAlone && totals.records() == 0 ? 0 : MOST_LINES;
    }

    /** Returns whether more lines may be given. */
    synchronized boolean isRunning() {
        return failed == null && !stopped;
    }

    /** A group is in the log. Groups are answered in the order of the input. */
    synchronized void acknowledged(LineGroup group, Ack ack) {
        totals = totals.plus(group.lines(), group.bytes(), ack);
        answered += group.lines();
        notifyAll();
    }

    /** A group failed. A group that the client refused at once may come here before an earlier one that was on its way. */
    synchronized void failed(LineGroup group, SeawallException why) {
        if (failed == null || group.firstLine() < failed.firstLine()) {
            failed = group;
            failure = why;
        }
        if (why.effect() != Effect.NONE) {
            lastUnknownLine = Math.max(lastUnknownLine, group.lastLine());
        }
        answered += group.lines();
        notifyAll();
    }

    /** Ends the input: no more groups follow. */
    synchronized void inputEnded(@Nullable CommandFailed why) {
        inputEnded = true;
        inputFailure = why;
        notifyAll();
    }

    /** Lets the thread that reads the input end. */
    synchronized void stop() {
        stopped = true;
        notifyAll();
    }

    /** Returns whether everything that was given is answered and no more follows. */
    synchronized boolean isOver() {
        return answered == given && (inputEnded || failed != null);
    }

    /** Waits until something else than this is acknowledged, or the end; returns what is. */
    synchronized AppendTotals await(AppendTotals known) throws InterruptedException {
        while (totals.records() == known.records() && !isOver()) {
            wait();
        }
        return totals;
    }

    /**
     * Returns what was acknowledged, at the end.
     *
     * @param writer says why it ended
     * @throws AppendFailed if not all lines of the input were
     */
    synchronized AppendTotals result(LogWriter writer) {
        if (failed != null && failure != null) {
            var unknown = lastUnknownLine > 0;
            throw new AppendFailed(
                    totals, unknown ? lastUnknownLine : given, unknown, describe(failed, reason(failure, writer)));
        }
        if (inputFailure != null) {
            throw new AppendFailed(totals, 0, false, inputFailure);
        }
        return totals;
    }

    /** Returns why the writer ended, if the first group that failed was one that came after that. */
    private static SeawallException reason(SeawallException failure, LogWriter writer) {
        return failure.is(Codes.CLOSED) ? writer.failure().orElse(failure) : failure;
    }

    private static CommandFailed describe(LineGroup group, SeawallException why) {
        var hint = why.is(Codes.SESSION_IN_USE)
                ? "; use another --writer, or continue at the right number with --seq"
                : "";
        return NodeFailure.of(why, group.culprit(why), hint);
    }
}
