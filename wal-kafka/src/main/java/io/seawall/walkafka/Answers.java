package io.seawall.walkafka;

import io.seawall.wal.WalException;
import io.seawall.walkafka.InFlight.Entry;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Completes callers' futures one after the other, behind the turn of the log's mailbox in which they were answered, so that their
 * code never holds the log up. On the log's mailbox only.
 */
final class Answers implements Executor {
    private final Mailbox mailbox;

    /**
     * Answers.
     *
     * @param mailbox the one behind the log's mailbox
     */
    Answers(Mailbox mailbox) {
        this.mailbox = mailbox;
    }

    @Override
    public void execute(Runnable task) {
        mailbox.add(task);
    }

    /** Tells the owners of appends that these are in the log, or whatever else the answer to them is. */
    void complete(List<Entry> entries, long term) {
        execute(() -> entries.forEach(entry -> entry.complete(term)));
    }

    /** Tells the owners of appends why these failed. */
    void fail(List<PendingAppend> appends, WalException cause) {
        execute(() -> appends.forEach(append -> append.future().completeExceptionally(cause)));
    }
}
