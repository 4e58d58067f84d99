package io.seawall.walkafka.internal.write;

import io.seawall.wal.WalException;
import io.seawall.walkafka.internal.format.SnapshotAt;
import io.seawall.walkafka.internal.lease.InFlight.Entry;
import io.seawall.walkafka.internal.lease.LeaseEvents;
import io.seawall.walkafka.internal.lease.LeaseWriter;
import io.seawall.walkafka.internal.lease.PendingAppend;
import io.seawall.walkafka.internal.open.Claimant;
import io.seawall.walkafka.internal.open.OpenedLog;
import io.seawall.walkafka.internal.open.WalContext;
import io.seawall.walkafka.internal.serial.Futures;
import io.seawall.walkafka.internal.serial.Mailbox;
import io.seawall.walkafka.internal.serial.Waiters;
import io.seawall.walkafka.internal.write.Recovery.Outcome;
import io.seawall.walkafka.internal.write.WalState.Open;
import io.seawall.walkafka.internal.write.WalState.Over;
import io.seawall.walkafka.internal.write.WalState.Recovering;
import io.seawall.walkafka.port.LaneFault;
import io.seawall.walkafka.port.Time;
import io.seawall.walkafka.settings.WalSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Holds the {@link WalState} of an opened log and makes its transitions. A lane's error stops the writer; the log is then taken
 * back in place, at the next epoch, and a new writer sends what the log does not have yet (docs/protocol.md#recovery).
 *
 * <p>Used on the log's mailbox only, apart from the methods that are marked as thread-safe.
 */
final class WalStateMachine implements LeaseEvents, KafkaProgress.Log {
    private final WalContext shared;
    private final WalSettings settings;
    private final Time time;
    private final Claimant claimant;
    private final QueueBudget queue;
    private final AppendErrors errors;
    private final WalEventLog eventLog;
    private final Mailbox mailbox;
    private final CallerCompletions completions;
    private final RecoveryPolicy recoveryPolicy;
    private final LaneKeepAlive keepAlive;
    private final CompletableFuture<WalException> ended = new CompletableFuture<>();
    private final CompletableFuture<Void> released = new CompletableFuture<>();
    private final Waiters<Long> commits; // by LSN
    private final Waiters<Long> tailChecks; // by the writer's count of acknowledgements
    private final Waiters<SnapshotAt> snapshots; // by LSN
    private final UncommittedAppends uncommitted = new UncommittedAppends();
    private final UnansweredAppends unanswered;
    private final KafkaProgress progress;
    private final PublishedState published;
    private SnapshotAt snapshot; // the last committed one
    private boolean closing;
    private volatile WalState state; // written on the mailbox, read by any thread

    /**
     * Starts to write to an opened log.
     *
     * @param log the log, which this object closes
     * @param claimant the claimant that opened the log; it takes the log back after errors
     * @param queue gets back the bytes of the appends that leave the queue
     * @param mailbox runs everything; it has no task of this log yet
     * @param completions completes callers' futures
     */
    WalStateMachine(
            OpenedLog log,
            WalContext shared,
            Claimant claimant,
            AppendErrors errors,
            QueueBudget queue,
            Mailbox mailbox,
            CallerCompletions completions) {
        this.shared = shared;
        this.settings = shared.settings();
        this.time = shared.time();
        this.claimant = claimant;
        this.errors = errors;
        this.queue = queue;
        this.mailbox = mailbox;
        this.completions = completions;
        this.eventLog = new WalEventLog(log.pchannel());
        this.recoveryPolicy = new RecoveryPolicy(
                settings.timeouts().recover(),
                new RecoveryBackoff(settings.timeouts().rivalGrace(), shared.random()));
        this.commits = new Waiters<>(completions);
        this.tailChecks = new Waiters<>(completions);
        this.snapshots = new Waiters<>(completions);
        this.unanswered = new UnansweredAppends(completions, errors, queue);
        this.progress = new KafkaProgress(log, shared, completions, this);
        this.snapshot = log.snapshot();
        this.published = new PublishedState(log);
        this.state = new Open(writerOf(log));
        this.keepAlive = new LaneKeepAlive(this, time);
        keepAlive.start();
    }

    private LeaseWriter writerOf(OpenedLog log) {
        return new LeaseWriter(log, settings, shared.pace(), claimant.author(), time, this);
    }

    /** Returns the numbers of the log. Thread-safe. */
    PublishedState published() {
        return published;
    }

    /** Returns why the log is over, or null if it is not. Thread-safe. */
    @Nullable
    WalException over() {
        return state instanceof Over over ? over.cause() : null;
    }

    /** Completes if the log ends without having been closed. Thread-safe. */
    CompletableFuture<WalException> ended() {
        return ended;
    }

    /** Completes when the log is over and every caller has an answer. Thread-safe. */
    CompletableFuture<Void> released() {
        return released;
    }

    /** Returns where the flusher records its progress. Thread-safe. */
    KafkaProgress progress() {
        return progress;
    }

    @Override
    public void post(Runnable task) {
        mailbox.execute(task);
    }

    @Override
    public void postAfter(long delayMs, Runnable task) {
        time.after(delayMs, () -> mailbox.execute(task));
    }

    // Appends

    /** Accepts all appends of a queue. */
    void accept(Queue<PendingAppend> appends) {
        for (var append = appends.poll(); append != null; append = appends.poll()) {
            accept(append);
        }
        if (state instanceof Open open) {
            open.writer().sendQueue();
        }
    }

    private void accept(PendingAppend append) {
        if (closing || state instanceof Over) {
            queue.giveBack(append);
            completions.fail(List.of(append), state instanceof Over over ? over.cause() : errors.closed());
        } else {
            addToWriter(append);
        }
    }

    /** Gives an append to the writer, or keeps it for the next writer. */
    private void addToWriter(PendingAppend append) {
        if (state instanceof Open open) {
            open.writer().add(append);
        } else {
            unanswered.add(append);
        }
    }

    // Other calls

    /** Completes the future once everything below an LSN is committed. */
    void commitBelow(long lsn, CompletableFuture<Long> future) {
        commits.add(lsn, future);
        var committed = published.committed();
        if (committed >= lsn) {
            commits.reached(committed, committed);
        } else if (state instanceof Open open) {
            open.writer().commitBelow(lsn);
        }
        failIfOver(commits);
    }

    /** Completes the future with the tail once a record that is sent from now on is acknowledged. */
    void checkTail(CompletableFuture<Long> future) {
        // During a recovery the number is not known yet; sendPending sets it.
        tailChecks.add(state instanceof Open open ? open.writer().requestSend() : 0, future);
        failIfOver(tailChecks);
    }

    /** Completes the future with a committed snapshot whose number is not below an LSN; writes one if there is none. */
    void snapshotFrom(long lsn, CompletableFuture<SnapshotAt> future) {
        snapshots.add(lsn, future);
        snapshots.reached(snapshot.lsn(), snapshot);
        if (snapshots.highest() >= lsn && state instanceof Open open) {
            open.writer().writeSnapshot();
        }
        failIfOver(snapshots);
    }

    private void failIfOver(Waiters<?> waiters) {
        if (state instanceof Over over) {
            waiters.fail(over.cause());
        }
    }

    /** Notes the oldest LSN after a trim. It never goes back. */
    void trimmed(long now) {
        published.oldestIs(now);
        if (state instanceof Open open) {
            open.writer().trimmed(published.oldest());
        }
    }

    /** Writes to both lanes of an idle log if one was not used for this long. */
    void keepLanesAlive(Duration unused) {
        if (state instanceof Open open && !closing) {
            open.writer().keepLanesAlive(unused);
        }
    }

    /** Finishes the appends, after a recovery if one is in progress, and closes the log. */
    void close() {
        closing = true;
        if (state instanceof Open open) {
            open.writer().finish();
        }
    }

    /** Closes the log with work in flight. */
    void abandon(String why) {
        toOver(errors.closed(why));
    }

    // Events of the writer. A writer that was stopped has none, so the log is open.

    private Open open() {
        if (state instanceof Open open) {
            return open;
        }
        throw new IllegalStateException("an event of a writer that was stopped, in state " + state);
    }

    @Override
    public @Nullable LeaseWriter openWriter() {
        return state instanceof Open open ? open.writer() : null;
    }

    @Override
    public void sent(long bytes) {
        queue.giveBack(bytes);
    }

    @Override
    public void acknowledged(List<Entry> complete, long newTail) {
        recoveryPolicy.acknowledged(complete);
        if (settings.ack() == WalSettings.Ack.COMMITTED) {
            uncommitted.add(complete);
            completions.complete(uncommitted.takeBelow(published.committed()), published.term());
        } else {
            published.tailIs(newTail);
            completions.complete(complete, published.term());
        }
        tailChecks.reached(open().writer().sendsDone(), published.tail());
    }

    @Override
    public void committed(long below) {
        snapshot = open().writer().snapshot();
        published.committedBelow(below);
        var committed = published.committed();
        completions.complete(uncommitted.takeBelow(committed), published.term());
        commits.reached(committed, committed);
        snapshots.reached(snapshot.lsn(), snapshot);
        progress.committed(snapshot);
    }

    @Override
    public void idle() {
        toOver(errors.closed());
    }

    @Override
    public void offsetWentBack(long before, long now) {
        end(errors.offsetWentBack(before, now));
    }

    // Recovery

    @Override
    public void failed(LaneFault fault) {
        var open = open();
        var leaseAgeMs = open.writer().leaseAgeMs();
        var nowMs = time.elapsedMs();
        stop(open);
        var next = recoveryPolicy.failed(
                fault, unanswered.isAnyRefused(), nowMs, settings.timeouts().open());
        eventLog.laneFailed(published.stamp(), fault, unanswered.inFlight(), leaseAgeMs, recoveryPolicy.streak());
        var recovery = new Recovery(claimant, shared, new Recovery.Stopped(published.stamp(), snapshot), next.left());
        state = open.toRecovering(recovery, nowMs, next.last() ? Optional.of(fault) : Optional.empty());
        Futures.listen(
                recovery.run(next.pause()), (outcome, impossible) -> mailbox.execute(() -> onRecovered(outcome)));
    }

    /** Stops the writer, and keeps the appends that have no answer yet. */
    private void stop(Open open) {
        unanswered.takeBack(uncommitted.takeBelow(Long.MAX_VALUE), open.writer().stop());
    }

    private void onRecovered(Outcome outcome) {
        if (outcome instanceof Outcome.Back back) {
            if (state instanceof Recovering recovering) {
                resume(recovering, back.log());
            } else {
                back.log().close();
            }
        } else if (outcome instanceof Outcome.Over over && state instanceof Recovering) {
            if (over.writtenBelow() >= 0) {
                settle(over.writtenBelow());
            }
            end(over.cause());
        }
    }

    private void resume(Recovering recovering, OpenedLog log) {
        if (log.tail() < published.tail()) {
            log.close();
            end(errors.acknowledgedLost(published.tail(), log.tail()));
            return;
        }
        published.takenBack(log);
        if (recovering.finalFault().isPresent()) {
            settle(log.tail());
            log.close();
            end(errors.neverTaken(
                    log.tail(),
                    settings.timeouts().recover(),
                    recovering.finalFault().get()));
            return;
        }
        var open = recovering.toOpen(writerOf(log));
        state = open;
        // A trim may have ended after the opening looked for the oldest LSN.
        open.writer().trimmed(published.oldest());
        var again = settle(log.tail());
        eventLog.takenBack(log.stamp(), log.tail(), again.size(), time.elapsedMs() - recovering.sinceMs());
        recoveryPolicy.takenBack(log.tail(), !again.isEmpty());
        if (recoveryPolicy.isSuspicious()) {
            open.writer()
                    .sendAloneBelow(
                            log.tail() + again.stream().mapToInt(Entry::count).sum());
        }
        committed(log.tail());
        sendPending(open.writer());
    }

    /** Sends everything that waited for the recovery. If a lane fails again at once, the rest waits for the next recovery. */
    private void sendPending(LeaseWriter writer) {
        writer.commitBelow(commits.highest());
        progress.resumed(writer);
        if (!tailChecks.isEmpty()) {
            // The claim does not count: it may have been sent before the callers asked.
            tailChecks.moveTo(writer.requestSend());
        }
        unanswered.takeUnwritten().forEach(this::addToWriter);
        if (openWriter() == writer) {
            writer.sendQueue();
        }
        if (closing && openWriter() == writer) {
            writer.finish();
        }
    }

    /**
     * Answers the appends that were in flight and are in the log.
     *
     * @param writtenBelow the LSN below which everything that was sent is in the log, and above which nothing is
     * @return the appends that are sent again
     */
    private List<Entry> settle(long writtenBelow) {
        var settlement = unanswered.settle(writtenBelow, published.term());
        settlement.written().forEach(entry -> published.tailIs(entry.next()));
        return settlement.rest();
    }

    // The end

    /** Stops the log for good after a broken invariant. */
    void onBug(RuntimeException bug) {
        eventLog.broken(published.stamp(), bug);
        end(errors.bug(bug));
    }

    /** Ends the log with an error, which {@link #ended} reports unless the log is being closed. */
    private void end(WalException cause) {
        if (toOver(cause) && !closing) {
            eventLog.ended(published.stamp(), cause);
            completions.execute(() -> ended.complete(cause));
        }
    }

    /**
     * Stops all work and answers all callers. An append that was sent may be in the log; one that was not sent is not.
     *
     * @return false if the log was over already
     */
    private boolean toOver(WalException cause) {
        if (state instanceof Over) {
            return false;
        }
        if (state instanceof Open open) {
            stop(open);
        } else if (state instanceof Recovering recovering) {
            recovering.recovery().cancel();
        }
        state = new Over(cause);
        keepAlive.stop();
        unanswered.fail(cause);
        commits.fail(cause);
        tailChecks.fail(cause);
        snapshots.fail(cause);
        progress.over(cause);
        completions.execute(() -> released.complete(null));
        return true;
    }
}
