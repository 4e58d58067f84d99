package io.seawall.client.internal.write;

import io.seawall.client.internal.rpc.Alarm;
import io.seawall.client.internal.rpc.CallFailure;
import io.seawall.client.internal.rpc.Channels;
import io.seawall.client.internal.rpc.ClientThreads;
import io.seawall.client.internal.rpc.Endpoints;
import io.seawall.client.internal.rpc.Records;
import io.seawall.client.internal.rpc.Route;
import io.seawall.client.internal.rpc.SerialExecutor;
import io.seawall.client.log.Ack;
import io.seawall.client.log.Codes;
import io.seawall.client.log.LogWriter;
import io.seawall.client.log.SeawallException;
import io.seawall.client.log.WalRecord;
import io.seawall.client.log.WriterOptions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A writer: takes appends on callers' threads, and carries out the machine's decisions on the client's thread, which alone uses
 * the machine, the call and the timer.
 */
public final class Writer implements LogWriter, AppendCall.Events {
    /** How many answered batches may wait for callbacks of users before the writer sends no more. */
    private static final int MOST_UNDELIVERED = 64;

    private final String pchannel;
    private final ClientThreads threads;
    private final Channels channels;
    private final Runnable onEnd;
    private final WriterErrors errors;
    private final Accumulator accumulator;
    private final Route route;
    private final WriterMachine machine;
    private final SerialExecutor callbacks;
    private final AtomicInteger undelivered = new AtomicInteger();
    private final boolean stopAtFailure;
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private final Alarm alarm;
    private final Deque<Decision> undone = new ArrayDeque<>(); // what the machine has decided, in order
    private @Nullable AppendCall call;
    private boolean closing;
    private volatile @Nullable SeawallException failure; // written by the client's thread

    /**
     * Opens a writer; connects with its first append.
     *
     * @param onEnd called on the client's thread when the writer has ended
     */
    public Writer(
            String pchannel,
            WriterOptions options,
            ClientThreads threads,
            Channels channels,
            Endpoints endpoints,
            Runnable onEnd) {
        this.pchannel = pchannel;
        this.threads = threads;
        this.channels = channels;
        this.onEnd = onEnd;
        this.stopAtFailure = options.stopAtFailure();
        this.errors = new WriterErrors(pchannel);
        this.accumulator = new Accumulator(options, errors);
        this.route = new Route(endpoints, threads.random());
        this.callbacks = new SerialExecutor(threads.callbacks());
        this.alarm = new Alarm(threads, this::onTimer);
        this.machine = new WriterMachine(settings(pchannel, options, threads), new Reconnects() {
            @Override
            public long failed(CallFailure why) {
                return route.failed(why);
            }

            @Override
            public void succeeded() {
                route.succeeded();
            }
        });
        // Nothing was polled yet, so the first append has to be reported.
        threads.loop().execute(() -> step(() -> {}));
    }

    private static MachineSettings settings(String pchannel, WriterOptions options, ClientThreads threads) {
        var session = options.session();
        var named = session instanceof WriterOptions.Session.Named chosen ? chosen : null;
        var continued = session instanceof WriterOptions.Session.Continued chosen ? chosen : null;
        var random = session instanceof WriterOptions.Session.Random;
        return new MachineSettings(
                pchannel,
                named != null
                        ? named.id()
                        : continued != null ? continued.id() : random ? threads.newSessionId() : null,
                named != null ? named.firstSeq() : continued != null ? continued.firstSeq() : 0,
                random ? threads::newSessionId : null,
                continued != null,
                options.stopAtFailure(),
                options.answerTimeout().toMillis(),
                options.openTimeout().toMillis());
    }

    @Override
    public String pchannel() {
        return pchannel;
    }

    @Override
    public CompletableFuture<Ack> append(WalRecord record) {
        return append(List.of(record), null);
    }

    @Override
    public CompletableFuture<Ack> append(List<WalRecord> batch) {
        return append(batch, null);
    }

    @Override
    public CompletableFuture<Ack> appendIfTail(long tail, List<WalRecord> batch) {
        return append(batch, tail);
    }

    private CompletableFuture<Ack> append(List<WalRecord> records, @Nullable Long ifTail) {
        try {
            check(records, ifTail);
            var append = new PendingAppend(messages(records), ifTail);
            if (accumulator.add(append, !threads.isOwnThread(), threads::nowMs)) {
                threads.loop().execute(() -> step(() -> {}));
            }
            return append.future;
        } catch (SeawallException refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    private static List<io.seawall.api.v1.WalRecord> messages(List<WalRecord> records) {
        return records.size() == 1
                ? List.of(Records.message(records.get(0)))
                : records.stream().map(Records::message).toList();
    }

    private void check(List<WalRecord> records, @Nullable Long ifTail) {
        if (records.isEmpty() || records.size() > Accumulator.MOST_RECORDS) {
            throw errors.error(
                            records.isEmpty() ? Codes.INVALID : Codes.TOO_LARGE,
                            "found a batch of " + records.size() + " records, expected 1 to "
                                    + Accumulator.MOST_RECORDS)
                    .build();
        }
        if (ifTail != null && ifTail < 0) {
            throw errors.error(Codes.INVALID, "found the condition tail " + ifTail + ", expected an LSN of 0 or more")
                    .build();
        }
    }

    @Override
    public CompletableFuture<Void> flush() {
        var flushed = accumulator.flush();
        threads.loop().execute(() -> step(() -> {}));
        return flushed;
    }

    @Override
    public Optional<SeawallException> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public void close(Duration atMost) {
        beginClose();
        if (threads.isOwnThread()) {
            // The answers that it would wait for are given on this thread.
            var ignored = threads.after(TimeUnit.MILLISECONDS.convert(atMost), this::closeNow);
            return;
        }
        try {
            drained.get(TimeUnit.NANOSECONDS.convert(atMost), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            closeNow();
        } catch (InterruptedException e) {
            closeNow();
            Thread.currentThread().interrupt();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Refuses further appends and sends what is open; {@link #drained} completes when all is answered. */
    public void beginClose() {
        accumulator.refuse(errors.closed());
        var ignored = accumulator.flush();
        threads.loop().execute(() -> step(() -> closing = true));
    }

    /** Ends the writer without waiting for answers. */
    public void closeNow() {
        threads.loop()
                .execute(() -> step(() -> {
                    closing = true;
                    machine.close(errors.closed());
                }));
    }

    /** Returns what completes when the writer has ended. */
    public CompletableFuture<Void> drained() {
        return drained;
    }

    @Override
    public void opened(int number, CallLimits limits) {
        step(() -> machine.opened(number, limits, threads.nowMs()));
    }

    @Override
    public void acknowledged(int number, Ack ack) {
        step(() -> machine.acknowledged(number, ack, threads.nowMs()));
    }

    @Override
    public void refused(int number, SeawallException problem) {
        step(() -> machine.refused(number, problem, threads.nowMs()));
    }

    @Override
    public void ended(int number, CallFailure why) {
        step(() -> machine.callEnded(number, why, threads.nowMs()));
    }

    /** Gives the machine an event and what it has room for, and does what it says. */
    private void step(Runnable event) {
        try {
            event.run();
            carryOut();
            feed();
            if (closing && !machine.isEnded() && machine.isEmpty() && accumulator.deadlineMs() == Long.MAX_VALUE) {
                machine.close(errors.closed());
                carryOut();
            }
            setAlarm();
        } catch (RuntimeException | Error bug) {
            giveUp(bug);
        }
    }

    /** Ends the writer: nothing may be acknowledged or sent on a state that is wrong. But everything decided has to be answered. */
    private void giveUp(Throwable bug) {
        machine.close(errors.bug(bug));
        for (var again = true; again; ) {
            try {
                carryOut();
                again = false;
            } catch (RuntimeException | Error another) {
                // Of the decision that was just taken, as a call that cannot be cancelled; the next ones follow.
            }
        }
    }

    private void feed() {
        while (machine.room() > 0 && undelivered.get() < MOST_UNDELIVERED) {
            var batch = accumulator.poll(threads.nowMs());
            if (batch == null) {
                return;
            }
            machine.add(batch, threads.nowMs());
            carryOut();
        }
    }

    private void carryOut() {
        for (takeDecisions(); !undone.isEmpty(); takeDecisions()) {
            carryOut(undone.remove());
        }
    }

    private void takeDecisions() {
        var decisions = machine.take();
        decisions.forEach(this::noteEnd);
        undone.addAll(decisions);
    }

    private void carryOut(Decision decision) {
        if (decision instanceof Decision.Open open) {
            open(open);
        } else if (decision instanceof Decision.Send send) {
            if (call != null) {
                call.send(send.batch(), send.seq());
            }
        } else if (decision instanceof Decision.Cancel) {
            if (call != null) {
                call.cancel();
                call = null;
            }
        } else if (decision instanceof Decision.Acknowledge acknowledge) {
            deliver(acknowledge.batch(), acknowledge.ack(), null);
        } else if (decision instanceof Decision.Fail fail) {
            deliver(fail.batch(), null, fail.error());
        } else if (decision instanceof Decision.End end) {
            end(end.error());
        }
    }

    /** Keeps why the writer ends before any caller is told, since a caller whose append failed may ask at once. */
    private void noteEnd(Decision decision) {
        if (decision instanceof Decision.End end && !end.error().is(Codes.CLOSED)) {
            failure = end.error();
        }
    }

    private void open(Decision.Open open) {
        try {
            call = new AppendCall(open.call(), channels.to(route.address()), pchannel, open.session(), this);
        } catch (RuntimeException failed) { // an address that is no address
            call = null;
            machine.callEnded(
                    open.call(),
                    CallFailure.unavailable("cannot append to " + pchannel + " at " + route.address() + ": " + failed),
                    threads.nowMs());
        }
    }

    private void end(SeawallException why) {
        var closed = errors.closed(why);
        accumulator.refuse(closed);
        accumulator.removeAll().forEach(batch -> deliver(batch, null, closed));
        onEnd.run();
        callbacks.execute(() -> drained.complete(null));
    }

    /** Makes room, then answers the callers on the callback thread. */
    private void deliver(Batch batch, @Nullable Ack ack, @Nullable SeawallException error) {
        accumulator.release(batch);
        undelivered.incrementAndGet();
        callbacks.execute(() -> {
            var first = ack == null ? 0 : ack.first();
            for (var append : batch.appends()) {
                var count = append.records.size();
                if (ack == null) {
                    append.future.completeExceptionally(error);
                } else {
                    append.future.complete(new Ack(ack.term(), first, first + count - 1, ack.repeated()));
                    first += count;
                }
                accumulator.done(append);
            }
            if (undelivered.getAndDecrement() == MOST_UNDELIVERED) {
                threads.loop().execute(() -> step(() -> {}));
            }
        });
    }

    private void setAlarm() {
        if (machine.isEnded()) {
            return;
        }
        var wakeMs = Math.min(machine.wakeAtMs(), accumulator.deadlineMs());
        if (machine.room() > 0 && undelivered.get() < MOST_UNDELIVERED) {
            wakeMs = Math.min(wakeMs, accumulator.dueMs()); // an append may have come since the writer looked for one
        }
        alarm.at(wakeMs);
    }

    private void onTimer() {
        step(() -> {
            var nowMs = threads.nowMs();
            machine.tick(nowMs);
            carryOut();
            if (!machine.isEnded()) {
                expire(accumulator.expired(nowMs));
            }
        });
    }

    /** Fails batches that the machine had no room for in time. */
    private void expire(List<Batch> batches) {
        for (var batch : batches) {
            var error = errors.timedOut(machine.lastFailure());
            deliver(batch, null, error);
            if (stopAtFailure) {
                machine.close(error);
            }
        }
    }
}
