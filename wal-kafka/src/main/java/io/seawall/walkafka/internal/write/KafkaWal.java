package io.seawall.walkafka.internal.write;

import io.seawall.wal.AppendRequest;
import io.seawall.wal.Appended;
import io.seawall.wal.FlushProgress;
import io.seawall.wal.FlushableWal;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import io.seawall.walkafka.internal.format.SnapshotAt;
import io.seawall.walkafka.internal.lease.PendingAppend;
import io.seawall.walkafka.internal.open.Claimant;
import io.seawall.walkafka.internal.open.OpenedLog;
import io.seawall.walkafka.internal.open.WalContext;
import io.seawall.walkafka.internal.serial.Futures;
import io.seawall.walkafka.internal.serial.Inbox;
import io.seawall.walkafka.internal.serial.Mailbox;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An opened log. Thread-safe: callers' threads only check and count their appends, and the {@link WalStateMachine} does the rest
 * on the log's mailbox. Callers' futures complete after the mailbox's turn, so that their code never delays the log.
 */
public final class KafkaWal implements FlushableWal, LogTrim.Owner {
    private final PChannel pchannel;
    private final String logId;
    private final AppendRules rules;
    private final AppendErrors errors;
    private final WalEventLog eventLog;
    private final QueueBudget queue;
    private final CallerCompletions completions;
    private final Mailbox mailbox;
    private final WalStateMachine machine;
    private final PublishedState published;
    private final Inbox<PendingAppend> arrived;
    private final LogTrim trim;
    private final Duration closeTimeout;
    private volatile boolean closed; // written by close, read by append

    /**
     * Starts to write to an opened log.
     *
     * @param log the log, which this object closes
     * @param claimant the claimant that opened the log; it takes the log back after errors
     */
    public KafkaWal(OpenedLog log, WalContext shared, Claimant claimant) {
        var settings = shared.settings();
        this.pchannel = log.pchannel();
        this.logId = claimant.topicId();
        this.rules = new AppendRules(pchannel, settings.limits());
        this.errors = new AppendErrors(pchannel, claimant::topicLimit);
        this.eventLog = new WalEventLog(pchannel);
        this.queue = new QueueBudget(settings.limits().queueBytes());
        this.completions = new CallerCompletions(shared.workers(), WalEventLog::callerFailed);
        this.mailbox = new Mailbox(shared.workers(), this::onBug, completions);
        this.machine = new WalStateMachine(log, shared, claimant, errors, queue, mailbox, completions);
        this.published = machine.published();
        this.arrived = new Inbox<>(mailbox::executeHere, machine::accept);
        this.trim = new LogTrim(pchannel, logId, shared, this);
        this.closeTimeout = settings.timeouts().close();
    }

    private void onBug(RuntimeException bug) {
        machine.onBug(bug);
    }

    @Override
    public PChannel pchannel() {
        return pchannel;
    }

    @Override
    public long term() {
        return published.stamp().term();
    }

    @Override
    public long epoch() {
        return published.stamp().epoch();
    }

    @Override
    public String logId() {
        return logId;
    }

    @Override
    public FlushProgress progress() {
        return machine.progress();
    }

    @Override
    public long tail() {
        return published.tail();
    }

    @Override
    public long oldest() {
        return trim.oldest(published.oldest());
    }

    @Override
    public long committed() {
        return published.committed();
    }

    @Override
    public CompletableFuture<WalException> ended() {
        return machine.ended().copy();
    }

    @Override
    public CompletableFuture<Appended> append(AppendRequest request) {
        var error = rules.check(request.batch());
        if (error == null) {
            error = closedOrOver();
        }
        if (error != null) {
            return CompletableFuture.failedFuture(error);
        }
        var append = PendingAppend.of(request);
        if (!queue.tryTake(append)) {
            return CompletableFuture.failedFuture(rules.overloaded(queue.bytes()));
        }
        arrived.add(append);
        return append.future();
    }

    private @Nullable WalException closedOrOver() {
        var over = machine.over();
        return over == null && closed ? errors.closed() : over;
    }

    @Override
    public CompletableFuture<Long> commit() {
        var below = tail();
        return onMailbox(future -> machine.commitBelow(below, future));
    }

    @Override
    public CompletableFuture<Long> checkTail() {
        return onMailbox(machine::checkTail);
    }

    @Override
    public CompletableFuture<Long> trim(long before) {
        var trimmed = new CompletableFuture<Long>();
        // The trim may fail on a thread of Kafka's client, which callers' code must not block.
        Futures.listen(
                trim.before(before),
                (oldest, error) -> mailbox.execute(() -> completions.execute(() -> {
                    if (error == null) {
                        trimmed.complete(oldest);
                    } else {
                        trimmed.completeExceptionally(FutureErrors.unwrapped(error));
                    }
                })));
        return trimmed;
    }

    @Override
    public CompletableFuture<SnapshotAt> snapshotFrom(long lsn) {
        return onMailbox(future -> machine.snapshotFrom(lsn, future));
    }

    @Override
    public CompletableFuture<Long> trimmed(long now) {
        return onMailbox(future -> {
            machine.trimmed(now);
            var oldest = published.oldest();
            completions.execute(() -> future.complete(oldest));
        });
    }

    private <T> CompletableFuture<T> onMailbox(Consumer<CompletableFuture<T>> call) {
        var future = new CompletableFuture<T>();
        mailbox.execute(() -> call.accept(future));
        return future;
    }

    @Override
    public void close() {
        closed = true;
        mailbox.execute(machine::close);
        var late = Futures.reasonNotDone(machine.released(), closeTimeout);
        if (late != null) {
            abandon("closing " + late);
        }
    }

    private void abandon(String why) {
        eventLog.abandoned(published.stamp(), why);
        mailbox.execute(() -> machine.abandon(why));
    }

    /** Returns the state machine, for tests. */
    WalStateMachine machine() {
        return machine;
    }
}
