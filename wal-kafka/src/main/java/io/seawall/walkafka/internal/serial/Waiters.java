package io.seawall.walkafka.internal.serial;

import io.seawall.wal.WalException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Keeps callers that wait until a number is reached. Used on the mailbox only; the futures complete on an executor. */
public final class Waiters<T> {
    private final Executor answers;
    private final List<Waiter<T>> waiting = new ArrayList<>(); // one for each waiting caller

    private record Waiter<T>(long number, CompletableFuture<T> future) {}

    public Waiters(Executor answers) {
        this.answers = answers;
    }

    public void add(long number, CompletableFuture<T> future) {
        waiting.add(new Waiter<>(number, future));
    }

    /** Makes all callers wait for another number, after the meaning of the numbers has changed. */
    public void moveTo(long number) {
        waiting.replaceAll(each -> new Waiter<>(number, each.future()));
    }

    public boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Answers the callers whose number is reached. */
    public void reached(long number, T answer) {
        if (waiting.isEmpty()) {
            return;
        }
        var done = waiting.stream().filter(each -> each.number() <= number).toList();
        waiting.removeAll(done);
        done.forEach(each -> answers.execute(() -> each.future().complete(answer)));
    }

    /** Returns the highest number that a caller waits for; -1 if none waits. */
    public long highest() {
        return waiting.stream().mapToLong(Waiter::number).max().orElse(-1);
    }

    /** Fails all callers: their number will not be reached. */
    public void fail(WalException cause) {
        var left = List.copyOf(waiting);
        waiting.clear();
        left.forEach(each -> answers.execute(() -> each.future().completeExceptionally(cause)));
    }
}
