package io.seawall.walkafka;

import io.seawall.wal.WalException;
import io.seawall.walkafka.InFlight.Entry;
import java.util.List;
import java.util.concurrent.Executor;

/** Completes callers' futures one after the other, away from the log's own mailbox, so that their code never holds it up. */
final class Answers implements Executor {
    private final Mailbox mailbox;

    Answers(Executor workers) {
        this.mailbox = new Mailbox(workers, WalNotes::callerFailed);
    }

    @Override
    public void execute(Runnable task) {
        mailbox.execute(task);
    }

    /** Tells the owners of appends that these are in the log, or whatever else the answer to them is. */
    void complete(List<Entry> entries, long term) {
        mailbox.execute(() -> entries.forEach(entry -> entry.complete(term)));
    }

    /** Tells the owners of appends why these failed. */
    void fail(List<PendingAppend> appends, WalException cause) {
        mailbox.execute(() -> appends.forEach(append -> append.future().completeExceptionally(cause)));
    }
}
