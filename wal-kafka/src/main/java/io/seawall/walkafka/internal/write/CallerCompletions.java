package io.seawall.walkafka.internal.write;

import io.seawall.wal.WalException;
import io.seawall.walkafka.internal.lease.InFlight.Entry;
import io.seawall.walkafka.internal.lease.PendingAppend;
import io.seawall.walkafka.internal.serial.Mailbox;
import io.seawall.walkafka.port.Workers;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Completes callers' futures one after the other, after the turn of the log's mailbox that answered them, so that their code never
 * delays the log. A caller's code may block, for example because it waits for another answer of the log. Another thread then
 * completes the other futures: it takes over a turn that two checks in a row find in the same step. Answers are added on the log's
 * mailbox only.
 */
final class CallerCompletions implements Executor, Mailbox.FollowUp {
    private static final int STEPS = 256; // of a turn; then other mailboxes get the thread

    private final Workers workers;
    private final Consumer<RuntimeException> onBug;
    private final Queue<Batch> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicReference<@Nullable Turn> current = new AtomicReference<>();
    private final AtomicBoolean watched = new AtomicBoolean(); // whether a check is scheduled
    private @Nullable Turn seen; // the turn at the last check; used by checks only, one after the other
    private long seenStep;

    /**
     * Creates an instance without answers.
     *
     * @param workers runs the turns
     * @param onBug called with the exception of a caller's code
     */
    CallerCompletions(Workers workers, Consumer<RuntimeException> onBug) {
        this.workers = workers;
        this.onBug = onBug;
    }

    /** Answers that were added together. Each may run a caller's code. */
    private static final class Batch {
        private final int count;
        private final IntConsumer step;
        private int next; // used by the turn that has the batch

        Batch(int count, IntConsumer step) {
            this.count = count;
            this.step = step;
        }
    }

    @Override
    public void execute(Runnable task) {
        add(1, only -> task.run());
    }

    /** Completes the futures of appends with their LSNs, or with the answer to an append that is not written. */
    void complete(List<Entry> entries, long term) {
        add(entries.size(), index -> entries.get(index).complete(term));
    }

    /** Fails the futures of appends. */
    void fail(List<PendingAppend> appends, WalException cause) {
        add(appends.size(), index -> appends.get(index).future().completeExceptionally(cause));
    }

    private void add(int count, IntConsumer step) {
        if (count > 0) {
            waiting.add(new Batch(count, step));
        }
    }

    @Override
    public void runHere() {
        var turn = begin();
        if (turn != null) {
            turn.run();
        }
    }

    @Override
    public void runOnPool() {
        var turn = begin();
        if (turn != null && !schedule(turn)) {
            turn.run();
        }
    }

    private @Nullable Turn begin() {
        if (waiting.isEmpty() || current.get() != null) {
            return null;
        }
        var turn = new Turn(null);
        return current.compareAndSet(null, turn) ? turn : null;
    }

    /** Returns false if the pool is closed. This thread then continues, so that callers still get every answer. */
    private boolean schedule(Turn turn) {
        try {
            workers.execute(turn);
            return true;
        } catch (RejectedExecutionException closing) {
            return false;
        }
    }

    private void watch() {
        if (!watched.get() && watched.compareAndSet(false, true)) {
            workers.watch(this::check);
        }
    }

    /** Takes over a turn that is still in the step of the last check. */
    private void check() {
        watched.set(false); // before the check: a turn that begins from now on is watched again
        var turn = current.get();
        var step = turn == null ? 0 : turn.at.get();
        if (turn != null && turn == seen && step == seenStep && turn.lose(step)) {
            seen = null;
            var next = new Turn(turn.batch);
            current.set(next);
            workers.takeOver(next, turn.back);
            turn = next;
        } else {
            seen = turn;
            seenStep = step;
        }
        if (turn != null) {
            watch();
        }
    }

    /** Some answers on one thread. */
    private final class Turn implements Runnable {
        private static final long LOST = -1;

        private final AtomicLong at = new AtomicLong(); // counts the begins and the ends of steps: odd inside a step
        private final CompletableFuture<Void> back = new CompletableFuture<>();
        private @Nullable Batch batch;

        Turn(@Nullable Batch batch) {
            this.batch = batch;
        }

        /** Ends the turn if it is still inside this step. The next turn continues with its batch. */
        boolean lose(long step) {
            return step % 2 == 1 && at.compareAndSet(step, LOST);
        }

        @Override
        public void run() {
            watch();
            var left = STEPS;
            while (left > 0 || !schedule(this)) {
                var from = batch();
                if (from == null) {
                    current.set(null);
                    // An answer that is added from now on is either seen here or begins a turn itself.
                    runOnPool();
                    return;
                }
                if (!step(from)) {
                    back.complete(null);
                    return;
                }
                left--;
            }
        }

        /** Returns the next batch that has an answer left, or null. */
        private @Nullable Batch batch() {
            var from = batch;
            while (from == null || from.next == from.count) {
                from = waiting.poll();
                if (from == null) {
                    break;
                }
            }
            batch = from;
            return from;
        }

        /** Gives one answer. Returns false if another turn has taken over. */
        private boolean step(Batch from) {
            var index = from.next++;
            var step = at.get() + 1;
            at.set(step); // a turn that takes over sees the batch as it is now
            try {
                from.step.accept(index);
            } catch (RuntimeException bug) {
                onBug.accept(bug);
            } catch (StackOverflowError | OutOfMemoryError | LinkageError | AssertionError bug) {
                onBug.accept(new IllegalStateException("an answer failed: " + bug, bug));
            }
            return at.compareAndSet(step, step + 1);
        }
    }
}
