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
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Finds out which appends of a superseded owner are in the log. They are in the live view below the first committed claim at or
 * above the owner's next stamp. None can follow that claim, because its author initialized both lanes before. Used once.
 */
final class InDoubtResolver {
    private static final Duration BETWEEN_WALKS = Duration.ofMillis(100);

    private final Claimant claimant;
    private final WalContext shared;
    private final Takeover.GiveUp giveUp;
    private final long from;
    private final CheckedRule rule;
    private long claimOffset = -1; // of the first higher claim; -1 until it is found
    private long committedFrom; // the committed view was read up to this offset
    private long committedTail;

    /**
     * Creates a search.
     *
     * @param claimant the claimant that was superseded
     * @param stopped its last stamp and the last snapshot that is known to be committed
     * @param known tells the owner's records from those of another program
     * @param giveUp asked between steps
     */
    InDoubtResolver(
            Claimant claimant,
            WalContext shared,
            Recovery.Stopped stopped,
            Owners.Known known,
            Takeover.GiveUp giveUp) {
        this.claimant = claimant;
        this.shared = shared;
        this.giveUp = giveUp;
        this.from = stopped.snapshot().offset() + 1;
        this.rule = new CheckedRule(
                        claimant.operation(),
                        claimant.pchannel(),
                        Position.after(stopped.stamp(), stopped.snapshot().lsn()),
                        known)
                .afterSnapshot(stopped.stamp(), stopped.snapshot().lsn());
        this.committedFrom = from;
        this.committedTail = stopped.snapshot().lsn();
    }

    /**
     * Completes with the LSN below which the log has everything that the owner sent, and above which it has nothing of it. If
     * appends are answered at their commit, this waits until the next owner has committed everything below that LSN.
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

    /** Waits until the next owner has written the records again: before that, committed readers do not see them. */
    private CompletableFuture<Long> onceCommitted(LogCursor committed, long below) {
        return Loop.until(() -> committedTail >= below, () -> findCommits(committed, below))
                .thenApply(done -> below);
    }

    private CompletableFuture<Void> findCommits(LogCursor committed, long below) {
        return walkOrPause(
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
        // The claim was seen before, perhaps on another replica; this one will soon show it as committed too.
        return Loop.until(() -> claimOffset >= 0, () -> findClaim(committed)).thenApply(done -> claimOffset);
    }

    private CompletableFuture<Void> findClaim(LogCursor committed) {
        return walkOrPause(
                committed,
                range -> new LogScanner(committed, giveUp).walk(from, range.end(), this::noteFirstClaim),
                () -> claimOffset >= 0);
    }

    /** Walks over the records that are there now, and pauses unless this was enough. */
    private CompletableFuture<Void> walkOrPause(
            LogCursor committed, Function<LogCursor.Range, CompletableFuture<Void>> walk, BooleanSupplier isEnough) {
        // The walk asks too, but it has no step if the log has lost its end.
        var stop = giveUp.get();
        if (stop != null) {
            return CompletableFuture.failedFuture(stop);
        }
        return committed
                .range()
                .thenCompose(walk)
                .thenCompose(walked -> isEnough.getAsBoolean() ? CompletableFuture.completedFuture(null) : pause());
    }

    /** Pauses, and continues on an io thread: the next step may open or close a cursor, which must not block the timer. */
    private CompletableFuture<Void> pause() {
        return shared.time().pause(BETWEEN_WALKS).thenRunAsync(() -> {}, shared.io());
    }

    private void noteFirstClaim(LogEntry entry) {
        if (claimOffset < 0
                && entry.header() instanceof WalHeader.Claim claim
                && !claim.stamp().isBelow(claimant.stamp())
                && !claimant.isOwn(entry.nonce())) {
            claimOffset = entry.offset();
        }
    }

    private CompletableFuture<Long> walkLive(long end) {
        var live = shared.cursors().open(claimant.pchannel(), Isolation.UNCOMMITTED);
        return new LogScanner(live, giveUp)
                .walk(from, end, this::take)
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
