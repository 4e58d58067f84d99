package io.seawall.walkafka.internal.write;

import io.seawall.wal.WalException;
import io.seawall.walkafka.internal.lease.Admission;
import io.seawall.walkafka.internal.lease.InFlight.Entry;
import io.seawall.walkafka.internal.lease.LeaseWriter;
import io.seawall.walkafka.internal.lease.PendingAppend;
import java.util.ArrayList;
import java.util.List;

/**
 * The appends without an answer while a log has no writer. Those that were in flight when a lane failed may be in the log; the others
 * are certainly not. Bounded by the window, the bytes of leases and the queue's budget. Used on the mailbox only.
 */
final class UnansweredAppends {
    private final CallerCompletions completions;
    private final AppendErrors errors;
    private final QueueBudget queue;
    private final List<Entry> sent = new ArrayList<>(); // in flight when a lane failed
    private final List<PendingAppend> unwritten = new ArrayList<>(); // sent after those

    UnansweredAppends(CallerCompletions completions, AppendErrors errors, QueueBudget queue) {
        this.completions = completions;
        this.errors = errors;
        this.queue = queue;
    }

    /**
     * Takes the appends of a writer that was stopped. They are sent again in this order.
     *
     * @param acknowledged the acknowledged appends whose callers wait for the commit
     * @param unfinished the other ones
     */
    void takeBack(List<Entry> acknowledged, LeaseWriter.Unfinished unfinished) {
        sent.addAll(acknowledged);
        sent.addAll(unfinished.sent());
        unwritten.addAll(0, unfinished.unsent());
    }

    /** Adds an append that came after the writer was stopped. */
    void add(PendingAppend append) {
        unwritten.add(append);
    }

    /** Returns how many appends were in flight. */
    int inFlight() {
        return sent.size();
    }

    /** Returns whether the broker is known to have refused one of those in flight. */
    boolean isAnyRefused() {
        return sent.stream().anyMatch(entry -> entry.refused() != null);
    }

    /**
     * Answers the appends that were in flight and are in the log, and those that the broker refused. The others count as unwritten from
     * now on.
     *
     * @param writtenBelow the LSN below which everything that was sent is in the log, and above which nothing is
     * @return the outcome of each append
     */
    Settlement settle(long writtenBelow, long term) {
        var settlement = Settlement.of(sent, writtenBelow);
        sent.clear();
        completions.complete(settlement.written(), term);
        settlement.refused().forEach(entry -> completions.fail(List.of(entry.userAppend()), errors.refused(entry)));
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

    /** Fails all appends. Those that were in flight may be in the log, the others are not. */
    void fail(WalException cause) {
        for (var entry : sent) {
            var isUnwritten = entry.reply() instanceof Admission.Refused;
            completions.fail(List.of(entry.userAppend()), isUnwritten ? cause : errors.outcomeUnknown(cause));
        }
        unwritten.forEach(queue::giveBack);
        completions.fail(List.copyOf(unwritten), cause);
        sent.clear();
        unwritten.clear();
    }
}
