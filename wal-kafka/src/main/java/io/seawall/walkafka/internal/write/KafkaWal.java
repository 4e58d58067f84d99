package io.seawall.walkafka.internal.write;

import io.seawall.wal.AppendRequest;
import io.seawall.wal.Appended;
import io.seawall.wal.FlushProgress;
import io.seawall.wal.FlushableWal;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import io.seawall.walkafka.internal.format.SnapshotAt;
import io.seawall.walkafka.internal.format.Stamp;
import io.seawall.walkafka.internal.lease.InFlight.Entry;
import io.seawall.walkafka.internal.lease.LeaseEvents;
import io.seawall.walkafka.internal.lease.LeaseWriter;
import io.seawall.walkafka.internal.lease.PendingAppend;
import io.seawall.walkafka.internal.open.Claimant;
import io.seawall.walkafka.internal.open.OpenedLog;
import io.seawall.walkafka.internal.open.WalContext;
import io.seawall.walkafka.internal.serial.Futures;
import io.seawall.walkafka.internal.serial.Inbox;
import io.seawall.walkafka.internal.serial.Mailbox;
import io.seawall.walkafka.internal.serial.Waiters;
import io.seawall.walkafka.internal.write.Recovery.Outcome;
import io.seawall.walkafka.port.LaneFault;
import io.seawall.walkafka.port.Time;
import io.seawall.walkafka.settings.WalSettings;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An opened log. Callers only check, count and post; everything else happens on the mailbox, and futures complete on a second
 * one, so that a caller's code never holds up the log.
 *
 * <p>An error of a lane stops the writer; the log is then taken back in place, at the next epoch, and a new writer goes on with
 * what the log does not hold yet (docs/protocol.md#recovery):
 *
 * <pre>
 *          lane failed                 superseded, topic gone, out of time
 *   Open ---------------> Recovering ------------------------------------> Over
 *    ^                      |                                               ^
 *    +----------------------+                                               |
 *    |     taken back                                                       |
 *    +----------------------------------------------------------------------+
 *          closed and idle, a broken invariant, offsets that went back
 * </pre>
 */
public final class KafkaWal implements FlushableWal, LeaseEvents, LogTrim.Owner, KafkaProgress.Log {
    private final WalContext shared;
    private final WalSettings settings;
    private final AppendRules rules;
    private final AppendErrors problems;
    private final WalEventLog notes;
    private final Time time;
    private final Claimant claimant;
    private final String logId;
    private final KafkaProgress progress;
    private final RecoveryPacing pacing;
    private final Trouble trouble;
    private final LaneKeepAlive idleTouch;
    private final LogTrim trim;
    private final Mailbox mailbox;
    private final Inbox<PendingAppend> arrived;
    private final CallerCompletions answers;
    private final QueueBudget queue;
    private final CompletableFuture<WalException> ended = new CompletableFuture<>();
    private final CompletableFuture<Void> released = new CompletableFuture<>();

    // On the mailbox only.
    private final Waiters<Long> commits; // by LSN
    private final Waiters<Long> confirms; // by the writer's count of acknowledgements
    private final Waiters<SnapshotAt> snapshots; // by LSN
    private final UncommittedAppends uncommitted = new UncommittedAppends();
    private final Unanswered unanswered;
    private Phase phase = Phase.OPEN;
    private boolean closing;
    private LeaseWriter writer;
    private @Nullable Recovery recovery;
    private @Nullable LaneFault
            giveUp; // why the appends failed that are not in the log, which ends once it is recovered

    // Written on the mailbox, read by anyone.
    private volatile Stamp stamp;
    private volatile long tail;
    private volatile long oldest;
    private volatile long committed;
    private volatile @Nullable WalException refusal; // why appends are refused; set before the phase becomes OVER

    private enum Phase {
        OPEN,
        RECOVERING,
        OVER
    }

    /** Takes over what an opening made, which this log closes. The claimant is the one that opened it, and takes it back. */
    public KafkaWal(OpenedLog log, WalContext shared, Claimant claimant) {
        this.shared = shared;
        this.settings = shared.settings();
        this.rules = new AppendRules(log.pchannel(), settings.limits());
        this.problems = new AppendErrors(log.pchannel(), claimant::topicLimit);
        this.notes = new WalEventLog(log.pchannel());
        this.time = shared.time();
        this.queue = new QueueBudget(settings.limits().queueBytes());
        this.claimant = claimant;
        this.logId = claimant.topicId();
        this.pacing = new RecoveryPacing(settings.timeouts().rivalGrace(), shared.random());
        this.trouble = new Trouble(settings.timeouts().recover(), pacing);
        this.stamp = log.stamp();
        this.tail = log.tail();
        this.committed = log.tail();
        this.answers = new CallerCompletions(shared.workers(), WalEventLog::callerFailed);
        this.unanswered = new Unanswered(answers, problems, queue);
        this.mailbox = new Mailbox(shared.workers(), this::onBug, answers);
        this.arrived = new Inbox<>(mailbox::executeHere, this::accept);
        this.commits = new Waiters<>(answers);
        this.confirms = new Waiters<>(answers);
        this.snapshots = new Waiters<>(answers);
        this.trim = new LogTrim(log.pchannel(), logId, shared, this);
        this.progress = new KafkaProgress(log, shared, answers, this);
        this.oldest = log.oldest();
        this.writer = new LeaseWriter(log, settings, claimant.author(), time, this);
        this.idleTouch = new LaneKeepAlive(this, time);
        idleTouch.start();
    }

    @Override
    public PChannel pchannel() {
        return claimant.pchannel();
    }

    @Override
    public long term() {
        return stamp.term();
    }

    @Override
    public long epoch() {
        return stamp.epoch();
    }

    @Override
    public String logId() {
        return logId;
    }

    @Override
    public FlushProgress progress() {
        return progress;
    }

    @Override
    public long tail() {
        return tail;
    }

    @Override
    public long committed() {
        return committed;
    }

    @Override
    public CompletableFuture<WalException> ended() {
        return ended.copy();
    }

    @Override
    public CompletableFuture<Appended> append(AppendRequest request) {
        var broken = rules.check(request.batch());
        if (broken == null) {
            broken = refusal;
        }
        if (broken != null) {
            return CompletableFuture.failedFuture(broken);
        }
        var append = PendingAppend.of(request);
        if (!queue.tryTake(append)) {
            return CompletableFuture.failedFuture(rules.overloaded(queue.bytes()));
        }
        arrived.add(append);
        return append.future();
    }

    private void accept(Queue<PendingAppend> appends) {
        for (var append = appends.poll(); append != null; append = appends.poll()) {
            accept(append);
        }
        if (phase == Phase.OPEN) {
            writer.sendWhatWaits();
        }
    }

    private void accept(PendingAppend append) {
        if (closing || phase == Phase.OVER) {
            queue.giveBack(append);
            answers.fail(List.of(append), problems.orClosed(refusal));
        } else {
            resume(append);
        }
    }

    @Override
    public CompletableFuture<Long> commit() {
        var below = tail;
        return waitIn(commits, future -> {
            commits.add(below, future);
            if (committed >= below) {
                commits.reached(committed, committed);
            } else {
                writer.commitBelow(below);
            }
        });
    }

    @Override
    public CompletableFuture<Long> checkTail() {
        // During a recovery they wait for the next writer's first word.
        return waitIn(confirms, future -> confirms.add(phase == Phase.OPEN ? writer.sendSomething() : 0, future));
    }

    @Override
    public CompletableFuture<Long> trim(long before) {
        var trimmed = new CompletableFuture<Long>();
        // A failure in Kafka comes on a thread of its client, which callers' code must not block.
        Futures.listen(
                trim.before(before),
                (oldestNow, error) -> mailbox.execute(() -> answers.execute(() -> {
                    if (error == null) {
                        trimmed.complete(oldestNow);
                    } else {
                        trimmed.completeExceptionally(FutureErrors.unwrapped(error));
                    }
                })));
        return trimmed;
    }

    @Override
    public long oldest() {
        return trim.oldest(oldest);
    }

    @Override
    public CompletableFuture<SnapshotAt> snapshotFrom(long lsn) {
        return waitIn(snapshots, future -> {
            snapshots.add(lsn, future);
            snapshots.reached(writer.snapshot().lsn(), writer.snapshot());
            if (snapshots.highest() >= lsn) {
                writer.writeSnapshot();
            }
        });
    }

    @Override
    public @Nullable LeaseWriter openWriter() {
        return phase == Phase.OPEN ? writer : null;
    }

    @Override
    public CompletableFuture<Long> trimmed(long now) {
        var noted = new CompletableFuture<Long>();
        mailbox.execute(() -> {
            var known = Math.max(oldest, now);
            oldest = known;
            writer.trimmed(known);
            answers.execute(() -> noted.complete(known));
        });
        return noted;
    }

    /** Has a caller wait, on the mailbox; refuses once the log is over. */
    private <T> CompletableFuture<T> waitIn(Waiters<T> waiters, Consumer<CompletableFuture<T>> start) {
        var future = new CompletableFuture<T>();
        mailbox.execute(() -> {
            start.accept(future);
            if (phase == Phase.OVER) {
                waiters.fail(problems.orClosed(refusal));
            }
        });
        return future;
    }

    @Override
    public void close() {
        if (refusal == null) {
            refusal = problems.closed();
        }
        mailbox.execute(this::startClosing);
        var late = Futures.reasonNotDone(released, settings.timeouts().close());
        if (late != null) {
            abandon("closing " + late);
        }
    }

    /** What is in flight is finished first, behind a recovery if one is under way. */
    private void startClosing() {
        closing = true;
        if (phase == Phase.OPEN) {
            writer.finish();
        }
    }

    private void abandon(String why) {
        notes.abandoned(stamp, why);
        mailbox.execute(() -> over(problems.closed(why)));
    }

    // What the writer tells; all on the mailbox.

    @Override
    public void post(Runnable task) {
        mailbox.execute(task);
    }

    @Override
    public void postAfter(long delayMs, Runnable task) {
        time.after(delayMs, () -> mailbox.execute(task));
    }

    @Override
    public void sent(long bytes) {
        queue.giveBack(bytes);
    }

    @Override
    public void acknowledged(List<Entry> complete, long newTail) {
        trouble.acknowledged(complete);
        if (settings.ack() == WalSettings.Ack.COMMITTED) {
            uncommitted.add(complete);
            answers.complete(uncommitted.takeBelow(committed), term());
        } else {
            tail = newTail;
            answers.complete(complete, term());
        }
        confirms.reached(writer.sendsDone(), tail);
    }

    @Override
    public void committed(long below) {
        committed = Math.max(committed, below);
        tail = Math.max(tail, committed);
        answers.complete(uncommitted.takeBelow(committed), term());
        commits.reached(committed, committed);
        snapshots.reached(writer.snapshot().lsn(), writer.snapshot());
        progress.committed(writer.snapshot());
    }

    @Override
    public void idle() {
        if (closing) {
            over(problems.closed());
        }
    }

    @Override
    public void offsetWentBack(long before, long now) {
        endWith(problems.offsetWentBack(before, now));
    }

    @Override
    public void failed(LaneFault fault) {
        var lost = new Recovery.Lost(stamp, writer.snapshot());
        var leaseAgeMs = writer.leaseAgeMs();
        takeBackUnfinished();
        phase = Phase.RECOVERING;
        var nowMs = time.elapsedMs();
        var next = trouble.failed(
                fault, unanswered.isAnyRefused(), nowMs, settings.timeouts().open());
        giveUp = next.last() ? fault : null;
        notes.laneFailed(stamp, fault, unanswered.inFlight(), leaseAgeMs, pacing.streak());
        var started = new Recovery(claimant, shared, lost, next.left());
        recovery = started;
        Futures.listen(
                started.run(next.pause()), (outcome, impossible) -> mailbox.execute(() -> recovered(outcome, nowMs)));
    }

    private void takeBackUnfinished() {
        unanswered.takeBack(uncommitted.takeBelow(Long.MAX_VALUE), writer.stop());
    }

    private void recovered(Outcome outcome, long sinceMs) {
        recovery = null;
        if (outcome instanceof Outcome.Back back && phase == Phase.OVER) {
            back.log().close(); // closed or stopped meanwhile
        } else if (outcome instanceof Outcome.Back back) {
            goOn(back.log(), sinceMs);
        } else if (outcome instanceof Outcome.Over over && phase != Phase.OVER) {
            if (over.writtenBelow() >= 0) {
                settle(over.writtenBelow());
            }
            endWith(over.cause());
        }
    }

    private void goOn(OpenedLog log, long sinceMs) {
        if (log.tail() < tail) {
            log.close();
            endWith(problems.acknowledgedLost(tail, log.tail()));
            return;
        }
        stamp = log.stamp();
        oldest = Math.max(oldest, log.oldest());
        if (giveUp != null) {
            settle(log.tail());
            log.close();
            endWith(problems.neverTaken(log.tail(), settings.timeouts().recover(), giveUp));
            return;
        }
        writer = new LeaseWriter(log, settings, claimant.author(), time, this);
        phase = Phase.OPEN;
        var again = settle(log.tail());
        trouble.wentOn(log.tail(), !again.isEmpty());
        if (trouble.isSuspicious()) {
            writer.sendAloneBelow(
                    log.tail() + again.stream().mapToInt(Entry::count).sum());
        }
        notes.takenBack(stamp, log.tail(), again.size(), time.elapsedMs() - sinceMs);
        committed(log.tail());
        writer.commitBelow(commits.highest());
        progress.goesOn(writer);
        if (!confirms.isEmpty()) {
            // The claim does not count: it may have been sent before they asked.
            confirms.moveTo(writer.sendSomething());
        }
        unanswered.takeUnwritten().forEach(this::resume);
        if (phase == Phase.OPEN) {
            writer.sendWhatWaits();
        }
        if (closing && phase == Phase.OPEN) {
            writer.finish();
        }
    }

    /** Hands an append to the writer, or keeps it for the next one: a lane may have failed again at once. */
    private void resume(PendingAppend append) {
        if (phase == Phase.OPEN) {
            writer.add(append);
        } else {
            unanswered.add(append);
        }
    }

    /** Settles the appends that were in flight by what is in the log; returns those that are not in it. */
    private List<Entry> settle(long writtenBelow) {
        var settlement = unanswered.settle(writtenBelow, term());
        settlement.written().forEach(entry -> tail = Math.max(tail, entry.next()));
        return settlement.rest();
    }

    /** The log ends by itself. */
    private void endWith(WalException cause) {
        if (phase == Phase.OVER) {
            return;
        }
        var byItself = !closing;
        refusal = cause;
        over(cause);
        if (byItself) {
            notes.ended(stamp, cause);
            answers.execute(() -> ended.complete(cause));
        }
    }

    /** Stops, and answers everybody: what was sent and not settled may be in the log, what was not sent is not. */
    private void over(WalException cause) {
        if (phase == Phase.OVER) {
            return;
        }
        takeBackUnfinished();
        phase = Phase.OVER;
        idleTouch.stop();
        if (recovery != null) {
            recovery.cancel();
        }
        unanswered.fail(cause);
        commits.fail(cause);
        confirms.fail(cause);
        snapshots.fail(cause);
        progress.over(cause);
        answers.execute(() -> released.complete(null));
    }

    /** An idle log uses both lanes now and then. */
    void keepLanesAlive(Duration unused) {
        mailbox.execute(() -> {
            if (phase == Phase.OPEN && !closing) {
                writer.keepLanesAlive(unused);
            }
        });
    }

    /** A broken invariant stops this log, loudly, and nothing goes on from that state. */
    private void onBug(RuntimeException bug) {
        notes.broken(stamp, bug);
        endWith(problems.bug(bug));
    }
}
