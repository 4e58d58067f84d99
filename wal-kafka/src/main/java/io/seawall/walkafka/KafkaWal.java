package io.seawall.walkafka;

import io.seawall.wal.AppendRequest;
import io.seawall.wal.Appended;
import io.seawall.wal.Effect;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.Wal;
import io.seawall.wal.WalException;
import io.seawall.walkafka.port.LaneFault;
import io.seawall.walkafka.port.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An opened log. Callers only check, count and post; everything else happens on the mailbox, and futures complete on a second
 * one, so that a caller's code never holds up the log.
 */
final class KafkaWal implements Wal, LeaseWriter.Events {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaWal.class);

    private final OpenedLog log;
    private final WalSettings settings;
    private final AppendRules rules;
    private final Time time;
    private final Supplier<CompletableFuture<WalException>> fencedBy;
    private final Mailbox mailbox;
    private final Mailbox answers;
    private final LeaseWriter writer;
    private final AtomicLong queuedBytes = new AtomicLong();
    private final CompletableFuture<WalException> ended = new CompletableFuture<>();
    private final CompletableFuture<Void> released = new CompletableFuture<>();
    private final List<Waiter> waiters = new ArrayList<>(); // mailbox only
    private final List<PendingAppend> held = new ArrayList<>(); // mailbox only

    private Phase phase = Phase.OPEN; // mailbox only
    private volatile long tail; // written on the mailbox, read by anyone
    private volatile long committed; // likewise
    private volatile @Nullable WalException refusal; // why appends are refused; set before the phase leaves OPEN

    private enum Phase {
        OPEN,
        CLOSING,
        /** A lane failed; who is behind it is being found out. */
        DIAGNOSING,
        OVER
    }

    /** Somebody who waits for a commit of everything below an LSN. */
    private record Waiter(long below, CompletableFuture<Long> future) {}

    /**
     * Takes over what an opening made.
     *
     * @param log what was opened; this log closes it
     * @param shared what all logs share
     * @param author who writes snapshots
     * @param fencedBy finds out what an error that may mean a rival really meant
     */
    KafkaWal(
            OpenedLog log,
            Shared shared,
            ControlBody.Author author,
            Supplier<CompletableFuture<WalException>> fencedBy) {
        this.log = log;
        this.settings = shared.settings();
        this.rules = new AppendRules(log.pchannel(), settings.limits());
        this.time = shared.time();
        this.fencedBy = fencedBy;
        this.tail = log.tail();
        this.committed = log.tail();
        this.mailbox = new Mailbox(shared.workers(), this::onBug);
        this.answers = new Mailbox(shared.workers(), KafkaWal::onCallerBug);
        this.writer = new LeaseWriter(log, settings, author, time, this);
    }

    @Override
    public PChannel pchannel() {
        return log.pchannel();
    }

    @Override
    public long term() {
        return log.stamp().term();
    }

    @Override
    public long epoch() {
        return log.stamp().epoch();
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
        var broken = request.ifTail() == null && request.writer() == null
                ? rules.check(request.batch())
                : rules.conditionsUnsupported();
        if (broken == null) {
            broken = refusal;
        }
        if (broken != null) {
            return CompletableFuture.failedFuture(broken);
        }
        var append = PendingAppend.of(request.batch());
        var queued = queuedBytes.addAndGet(append.sizeBytes());
        if (queued > settings.limits().queueBytes() && queued > append.sizeBytes()) {
            queuedBytes.addAndGet(-append.sizeBytes());
            return CompletableFuture.failedFuture(rules.overloaded(queued - append.sizeBytes()));
        }
        mailbox.execute(() -> accept(append));
        return append.future();
    }

    private void accept(PendingAppend append) {
        switch (phase) {
            case OPEN -> writer.append(append);
            case DIAGNOSING -> held.add(append);
            case CLOSING, OVER -> {
                queuedBytes.addAndGet(-append.sizeBytes());
                fail(List.of(append), refusalOr(closing()));
            }
        }
    }

    @Override
    public CompletableFuture<Long> commit() {
        var waiter = new Waiter(tail, new CompletableFuture<>());
        mailbox.execute(() -> {
            var why = refusal;
            if (committed >= waiter.below()) {
                answers.execute(() -> waiter.future().complete(committed));
            } else if (why != null && phase != Phase.CLOSING) {
                answers.execute(() -> waiter.future().completeExceptionally(why));
            } else {
                waiters.add(waiter);
                writer.commitBelow(waiter.below());
            }
        });
        return waiter.future();
    }

    @Override
    public void close() {
        if (refusal == null) {
            refusal = closing();
        }
        mailbox.execute(this::startClosing);
        try {
            released.get(settings.timeouts().close().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            abandon("closing took longer than " + settings.timeouts().close());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            abandon("closing was interrupted");
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("released never fails", impossible);
        }
    }

    private void startClosing() {
        if (phase == Phase.OPEN) {
            phase = Phase.CLOSING;
            writer.finish();
        }
    }

    private void abandon(String why) {
        LOG.atWarn()
                .setMessage("log abandoned with work in flight; the next owner finds it in the log")
                .addKeyValue("pchannel", pchannel())
                .addKeyValue("term", term())
                .addKeyValue("reason", why)
                .log();
        mailbox.execute(() -> {
            if (phase != Phase.OVER) {
                stopWriter();
                over(Problem.of(ErrorCode.SHUTTING_DOWN, "append to " + pchannel())
                        .pchannel(pchannel())
                        .found("the log being closed, " + why)
                        .exception());
            }
        });
    }

    private WalException closing() {
        return Problem.of(ErrorCode.SHUTTING_DOWN, "append to " + pchannel())
                .pchannel(pchannel())
                .found("the log being closed")
                .exception();
    }

    private WalException refusalOr(WalException otherwise) {
        var why = refusal;
        return why == null ? otherwise : why;
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
    public void sent(PendingAppend append) {
        queuedBytes.addAndGet(-append.sizeBytes());
    }

    @Override
    public void acknowledged(List<InFlight.Entry> complete, long newTail) {
        tail = newTail;
        answers.execute(() -> {
            for (var entry : complete) {
                if (entry.append() != null) {
                    entry.append().future().complete(new Appended(term(), entry.first(), entry.next() - 1));
                }
            }
        });
    }

    @Override
    public void committed(long below) {
        if (below > committed) {
            committed = below;
        }
        var done =
                waiters.stream().filter(waiter -> waiter.below() <= committed).toList();
        waiters.removeAll(done);
        var now = committed;
        answers.execute(() -> done.forEach(waiter -> waiter.future().complete(now)));
    }

    @Override
    public void idle() {
        if (phase == Phase.CLOSING) {
            stopWriter();
            over(closing());
        }
    }

    @Override
    public void offsetWentBack(long before, long now) {
        endWith(Problem.of(ErrorCode.DATA_LOSS, "append to " + pchannel())
                .pchannel(pchannel())
                .found("an acknowledgement at offset " + now + " after one at " + before)
                .expected("growing offsets")
                .fix("the topic was deleted and created again, or its partition lost its end: see what became of it")
                .exception());
    }

    @Override
    public void failed(LaneFault fault) {
        if (fault.kind() == LaneFault.Kind.FENCED && phase == Phase.OPEN) {
            phase = Phase.DIAGNOSING;
            Futures.listen(
                    fencedBy.get(),
                    (cause, error) -> mailbox.execute(() ->
                            endWith(error == null ? cause : KafkaErrors.walException("append", pchannel(), error))));
        } else {
            endWith(laneFailed(fault));
        }
    }

    private WalException laneFailed(LaneFault fault) {
        var gone = fault.kind() == LaneFault.Kind.GONE;
        return Problem.of(gone ? ErrorCode.NOT_FOUND : ErrorCode.UNAVAILABLE, "append to " + pchannel())
                .pchannel(pchannel())
                .found(String.valueOf(fault.getMessage()))
                .fix(gone ? "create the topic" : "open the log at a higher term")
                .cause(fault)
                .exception();
    }

    /** The log ends by itself. */
    private void endWith(WalException cause) {
        if (phase == Phase.OVER) {
            return;
        }
        var byItself = phase != Phase.CLOSING;
        refusal = cause;
        stopWriter(cause);
        over(cause);
        if (byItself) {
            LOG.atWarn()
                    .setMessage("log ended")
                    .addKeyValue("pchannel", pchannel())
                    .addKeyValue("term", term())
                    .addKeyValue("epoch", epoch())
                    .addKeyValue("error", cause.getMessage())
                    .log();
            answers.execute(() -> ended.complete(cause));
        }
    }

    private void stopWriter() {
        stopWriter(closing());
    }

    /** Answers everybody: what was sent may be in the log, what was not is not. */
    private void stopWriter(WalException cause) {
        var unsent = new ArrayList<>(held);
        held.clear();
        var sent = writer.stop(unsent);
        unsent.forEach(append -> queuedBytes.addAndGet(-append.sizeBytes()));
        var fenced = cause.code() == ErrorCode.FENCED;
        fail(sent, fenced ? cause.problem().effect(Effect.UNKNOWN).exception() : outcomeUnknown(cause));
        fail(unsent, cause);
    }

    private WalException outcomeUnknown(WalException cause) {
        return Problem.of(ErrorCode.OUTCOME_UNKNOWN, "say whether an append to " + pchannel() + " was written")
                .pchannel(pchannel())
                .effect(Effect.UNKNOWN)
                .found(String.valueOf(cause.getMessage()))
                .fix("read the log from its last known LSN")
                .cause(cause)
                .exception();
    }

    private void fail(List<PendingAppend> appends, WalException cause) {
        answers.execute(() -> appends.forEach(append -> append.future().completeExceptionally(cause)));
    }

    private void over(WalException cause) {
        phase = Phase.OVER;
        var left = List.copyOf(waiters);
        waiters.clear();
        answers.execute(() -> {
            left.forEach(waiter -> waiter.future().completeExceptionally(cause));
            released.complete(null);
        });
    }

    /** A broken invariant stops this log, loudly, and nothing goes on from that state. */
    private void onBug(RuntimeException bug) {
        LOG.atError()
                .setMessage("log stopped by a broken invariant")
                .addKeyValue("pchannel", pchannel())
                .addKeyValue("term", term())
                .setCause(bug)
                .log();
        if (phase != Phase.OVER) {
            endWith(Problem.of(ErrorCode.INTERNAL, "append to " + pchannel())
                    .pchannel(pchannel())
                    .found(String.valueOf(bug.getMessage()))
                    .fix("report this: it is a bug")
                    .cause(bug)
                    .exception());
        }
    }

    private static void onCallerBug(RuntimeException bug) {
        LOG.atError().setMessage("a caller's completion failed").setCause(bug).log();
    }
}
