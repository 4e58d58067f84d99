package io.seawall.walkafka.internal.write;

import io.seawall.wal.WalException;
import io.seawall.walkafka.internal.lease.Admission;
import io.seawall.walkafka.internal.lease.InFlight.Entry;
import io.seawall.walkafka.internal.lease.LeaseWriter;
import io.seawall.walkafka.internal.lease.PendingAppend;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps the appends while a log has no writer: those that were in flight when a lane failed, whose fate the log decides, and those that
 * are certainly not written. Mailbox only. The window, the bytes of leases and the queue's budget bound it.
 */
final class Unanswered {
    private final CallerCompletions answers;
    private final AppendErrors problems;
    private final QueueBudget queue;
    private final List<Entry> sent = new ArrayList<>(); // in flight when a lane failed
    private final List<PendingAppend> unwritten = new ArrayList<>(); // behind them

    Unanswered(CallerCompletions answers, AppendErrors problems, QueueBudget queue) {
        this.answers = answers;
        this.problems = problems;
        this.queue = queue;
    }

    /**
     * Takes back a writer's appends. They are sent again in this order.
     *
     * @param acknowledged appends that were acknowledged and not answered, as their callers wait for the commit
     */
    void takeBack(List<Entry> acknowledged, LeaseWriter.Unfinished unfinished) {
        sent.addAll(acknowledged);
        sent.addAll(unfinished.sent());
        unwritten.addAll(0, unfinished.unsent());
    }

    /** Adds an append that came meanwhile, behind the others. */
    void add(PendingAppend append) {
        unwritten.add(append);
    }

    /** How many were in flight. */
    int inFlight() {
        return sent.size();
    }

    /** Whether one of those in flight is known to be refused by the broker. */
    boolean isAnyRefused() {
        return sent.stream().anyMatch(entry -> entry.refused() != null);
    }

    /**
     * Answers the appends that were in flight: those in the log as written, refused ones as refused. The others count as unwritten from now
     * on.
     *
     * @param writtenBelow the LSN below which everything sent is in the log, and above which nothing is
     * @param term of the log
     * @return what became of them
     */
    Settlement settle(long writtenBelow, long term) {
        var settlement = Settlement.of(sent, writtenBelow);
        sent.clear();
        answers.complete(settlement.written(), term);
        settlement.refused().forEach(entry -> answers.fail(List.of(entry.userAppend()), problems.refused(entry)));
        var rest = settlement.rest().stream().map(Entry::userAppend).toList();
        rest.forEach(queue::takeAgain);
        unwritten.addAll(0, rest);
        return settlement;
    }

    /** Removes and returns the unwritten appends, in order. */
    List<PendingAppend> takeUnwritten() {
        var all = List.copyOf(unwritten);
        unwritten.clear();
        return all;
    }

    /** Fails all: those that were in flight may be in the log, the others are not. */
    void fail(WalException cause) {
        for (var entry : sent) {
            var isUnwritten = entry.reply() instanceof Admission.Refused;
            answers.fail(List.of(entry.userAppend()), isUnwritten ? cause : problems.outcomeUnknown(cause));
        }
        unwritten.forEach(queue::giveBack);
        answers.fail(List.copyOf(unwritten), cause);
        sent.clear();
        unwritten.clear();
    }
}
