package io.seawall.walkafka;

import io.seawall.wal.WalException;
import io.seawall.walkafka.InFlight.Entry;
import java.util.ArrayList;
import java.util.List;

/**
 * Appends that no writer has at present: those that were in flight when a lane failed, which the log decides about, and those that
 * are not written for certain. Mailbox only; bounded by the window, by what leases hold, and by the queue's budget.
 */
final class Unanswered {
    private final Answers answers;
    private final AppendProblems problems;
    private final QueueBudget queue;
    private final List<Entry> sent = new ArrayList<>(); // in flight when a lane failed
    private final List<PendingAppend> unwritten = new ArrayList<>(); // behind them

    Unanswered(Answers answers, AppendProblems problems, QueueBudget queue) {
        this.answers = answers;
        this.problems = problems;
        this.queue = queue;
    }

    /**
     * Takes back what a writer had: in this order everything goes on later.
     *
     * @param acknowledged what was acknowledged and not answered, as its callers wait for the commit
     */
    void takeBack(List<Entry> acknowledged, LeaseWriter.Unfinished unfinished) {
        sent.addAll(acknowledged);
        sent.addAll(unfinished.sent());
        unwritten.addAll(0, unfinished.unsent());
    }

    /** Keeps an append that came meanwhile, behind the others. */
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
     * Answers what the log decides about what was in flight. What is not in it, and not refused, is unwritten from now on.
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

    /** Gives what is unwritten to a writer, in order. */
    List<PendingAppend> takeUnwritten() {
        var all = List.copyOf(unwritten);
        unwritten.clear();
        return all;
    }

    /** Answers everybody: what was in flight may be in the log, the rest is not. */
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
