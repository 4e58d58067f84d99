package io.seawall.walkafka;

import io.seawall.walkafka.LiveRule.Position;
import io.seawall.walkafka.port.LogCursor;
import io.seawall.walkafka.port.LogCursor.Isolation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Finds out, for an owner that was superseded, what of its own is in the log: the live view below the first committed claim at or
 * above its next stamp. Nothing of it can follow that claim, as its writer initialized both lanes before.
 */
final class Aftermath {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private final Claimant claimant;
    private final Shared shared;
    private final Takeover.GiveUp giveUp;
    private final long from;
    private final CheckedRule rule;

    /**
     * A search.
     *
     * @param claimant who was superseded
     * @param shared what all logs share
     * @param lost the stamp that wrote last, and its last committed snapshot, or its opening's
     * @param known what owners in this process know of their records
     * @param giveUp asked between steps
     */
    Aftermath(
            Claimant claimant, Shared shared, Recovery.Lost lost, Owners.Known known, Takeover.GiveUp giveUp) {
        this.claimant = claimant;
        this.shared = shared;
        this.giveUp = giveUp;
        this.from = lost.snapshot().offset() + 1;
        this.rule = new CheckedRule(
                        claimant.operation(),
                        claimant.pchannel(),
                        Position.after(lost.stamp(), lost.snapshot().lsn()),
                        known)
                .settledBy(lost.stamp(), lost.snapshot().lsn());
    }

    /** Completes with the LSN below which everything that the owner ever sent is in the log, and above which nothing is. */
    CompletableFuture<Long> writtenBelow() {
        var committed = shared.cursors().open(claimant.pchannel(), Isolation.COMMITTED);
        return firstHigherClaim(committed)
                .whenComplete((offset, error) -> committed.close())
                .thenCompose(this::walkLive);
    }

    private CompletableFuture<Long> firstHigherClaim(LogCursor committed) {
        var found = new ArrayList<Long>(1);
        // Whoever saw the claim may have asked another replica: what is committed there is soon so here.
        return Loop.until(() -> !found.isEmpty(), () -> lookForClaim(committed, found))
                .thenApply(done -> found.get(0));
    }

    private CompletableFuture<Void> lookForClaim(LogCursor committed, List<Long> found) {
        // Asked here too: where the log has lost its end, there is nothing to walk over and nobody to ask.
        var stop = giveUp.get();
        if (stop != null) {
            return CompletableFuture.failedFuture(stop);
        }
        return committed
                .range()
                .thenCompose(range ->
                        new LogScanner(committed, giveUp).walk(from, range.end(), entry -> keepFirst(found, entry)))
                .thenCompose(walked ->
                        found.isEmpty() ? shared.time().pause(BETWEEN_LOOKS) : CompletableFuture.completedFuture(null));
    }

    private void keepFirst(List<Long> found, LogEntry entry) {
        if (found.isEmpty()
                && entry.header() instanceof WalHeader.Claim claim
                && !claim.stamp().isBelow(claimant.stamp())
                && !claimant.isOwn(entry.nonce())) {
            found.add(entry.offset());
        }
    }

    private CompletableFuture<Long> walkLive(long claimOffset) {
        var live = shared.cursors().open(claimant.pchannel(), Isolation.UNCOMMITTED);
        return new LogScanner(live, giveUp)
                .walk(from, claimOffset, this::take)
                .thenApply(walked -> rule.position().next())
                .whenComplete((next, error) -> live.close());
    }

    private void take(LogEntry entry) {
        if (entry.header() == null) {
            return;
        }
        var step = rule.take(entry, entry.header());
        switch (step.action()) {
            case LOST_AND_REUSED, LOST_BEFORE, BROKEN_BATCH, FORGED -> throw Losses.found(claimant.pchannel(), step, entry);
            case PASS, DELIVER, BUFFER, COPY, VOID, HOLD, FOREIGN -> {}
        }
    }
}
