package io.seawall.walkafka.internal.write;

import io.seawall.walkafka.internal.format.LiveRule.Position;
import io.seawall.walkafka.internal.format.LogEntry;
import io.seawall.walkafka.internal.format.WalHeader;
import io.seawall.walkafka.internal.open.Claimant;
import io.seawall.walkafka.internal.open.Takeover;
import io.seawall.walkafka.internal.open.WalContext;
import io.seawall.walkafka.internal.scan.CheckedRule;
import io.seawall.walkafka.internal.scan.DataLossErrors;
import io.seawall.walkafka.internal.scan.LogScanner;
import io.seawall.walkafka.internal.scan.Owners;
import io.seawall.walkafka.internal.serial.Loop;
import io.seawall.walkafka.port.LogCursor;
import io.seawall.walkafka.port.LogCursor.Isolation;
import io.seawall.walkafka.settings.WalSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Finds out, for an owner that was superseded, what of its own is in the log: the live view below the first committed claim at or
 * above its next stamp. Nothing of it can follow that claim, as its writer initialized both lanes before.
 */
final class InDoubtResolver {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private final Claimant claimant;
    private final WalContext shared;
    private final Takeover.GiveUp giveUp;
    private final long from;
    private final CheckedRule rule;
    private long committedFrom; // the offset up to which the committed view was looked at for the tail
    private long committedTail;

    /**
     * A search.
     *
     * @param claimant who was superseded
     * @param shared what all logs share
     * @param lost the stamp that wrote last, and its last committed snapshot, or its opening's
     * @param known what owners in this process know of their records
     * @param giveUp asked between steps
     */
    InDoubtResolver(
            Claimant claimant, WalContext shared, Recovery.Lost lost, Owners.Known known, Takeover.GiveUp giveUp) {
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
        this.committedFrom = from;
        this.committedTail = lost.snapshot().lsn();
    }

    /**
     * Completes with the LSN below which the log has everything that the owner sent, and above which it has nothing of it. If
     * appends are answered at their commit, completes once the owner at that time has committed all of it.
     */
    CompletableFuture<Long> writtenBelow() {
        var committed = shared.cursors().open(claimant.pchannel(), Isolation.COMMITTED);
        return firstHigherClaim(committed)
                .thenCompose(this::walkLive)
                .thenCompose(below -> shared.settings().ack() == WalSettings.Ack.COMMITTED
                        ? onceCommitted(committed, below)
                        : CompletableFuture.completedFuture(below))
                .whenComplete((below, error) -> committed.close());
    }

    /** The next owner writes it again: until it has, a consumer of the committed view does not see it. */
    private CompletableFuture<Long> onceCommitted(LogCursor committed, long below) {
        return Loop.until(() -> committedTail >= below, () -> lookForCommits(committed, below))
                .thenApply(done -> below);
    }

    private CompletableFuture<Void> lookForCommits(LogCursor committed, long below) {
        return look(
                committed,
                range -> new LogScanner(committed, giveUp)
                        .walk(committedFrom, range.end(), this::noteCommitted)
                        .thenRun(() -> committedFrom = Math.max(committedFrom, range.end())),
                () -> committedTail >= below);
    }

    private void noteCommitted(LogEntry entry) {
        if (entry.header() instanceof WalHeader.Data data) {
            committedTail = Math.max(committedTail, data.lsn() + 1);
        }
    }

    private CompletableFuture<Long> firstHigherClaim(LogCursor committed) {
        var found = new ArrayList<Long>(1);
        // The reader that saw the claim may have asked another replica; this one will soon have it as committed too.
        return Loop.until(() -> !found.isEmpty(), () -> lookForClaim(committed, found))
                .thenApply(done -> found.get(0));
    }

    private CompletableFuture<Void> lookForClaim(LogCursor committed, List<Long> found) {
        return look(
                committed,
                range -> new LogScanner(committed, giveUp).walk(from, range.end(), entry -> keepFirst(found, entry)),
                () -> !found.isEmpty());
    }

    /** One look at what is there now, and a pause unless it was the last one. */
    private CompletableFuture<Void> look(
            LogCursor committed, Function<LogCursor.Range, CompletableFuture<Void>> walk, BooleanSupplier isLast) {
        // Asked here too: where the log has lost its end, there is nothing to walk over and nobody to ask.
        var stop = giveUp.get();
        if (stop != null) {
            return CompletableFuture.failedFuture(stop);
        }
        return committed
                .range()
                .thenCompose(walk)
                .thenCompose(walked -> isLast.getAsBoolean() ? CompletableFuture.completedFuture(null) : pause());
    }

    /** Pauses, and goes on with an io thread: what follows may close or open a cursor, which would hold up the timer's thread. */
    private CompletableFuture<Void> pause() {
        return shared.time().pause(BETWEEN_LOOKS).thenRunAsync(() -> {}, shared.io());
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
            case LOST_AND_REUSED, LOST_BEFORE, BROKEN_BATCH, FORGED ->
                throw DataLossErrors.found(claimant.pchannel(), step, entry);
            case PASS, DELIVER, BUFFER, COPY, VOID, HOLD, FOREIGN -> {}
        }
    }
}
