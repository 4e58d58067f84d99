package io.seawall.cli.append;

import io.seawall.client.log.Ack;
import io.seawall.client.log.Codes;
import io.seawall.client.log.LogWriter;
import io.seawall.client.log.SeawallException;
import io.seawall.client.log.WalRecord;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A writer of the client that keeps what is appended, with knobs for faults. Its state is guarded by its monitor. */
final class FakeWriter implements LogWriter {
    private static final int TERM = 7;

    private final List<WalRecord> records = new ArrayList<>();
    private final Deque<Held> held = new ArrayDeque<>();
    private int appends;
    private int failFrom = Integer.MAX_VALUE;
    private @Nullable SeawallException failure;
    private @Nullable SeawallException ended;
    private boolean holding;
    private int outstanding;
    private int mostOutstanding;

    private record Held(List<WalRecord> records, CompletableFuture<Ack> answer) {}

    /** The nth append, counted from 1, fails, and the writer ends with that. */
    synchronized FakeWriter failFrom(int append, SeawallException why) {
        failFrom = append;
        failure = why;
        return this;
    }

    /** Refuses appends from now on, as a writer that has ended. */
    synchronized FakeWriter end(SeawallException why) {
        ended = why;
        return this;
    }

    /** Keeps answers back. */
    synchronized FakeWriter hold() {
        holding = true;
        return this;
    }

    /** Answers everything that was kept back, and all later appends at once. */
    void release() {
        for (var next = take(); next != null; next = take()) {
            next.answer().complete(write(next.records()));
        }
    }

    private synchronized @Nullable Held take() {
        holding = !held.isEmpty();
        return held.poll();
    }

    /** Fails the oldest append that was kept back. */
    void failOldest(SeawallException why) {
        Objects.requireNonNull(takeOldest()).answer().completeExceptionally(why);
    }

    private synchronized @Nullable Held takeOldest() {
        return held.poll();
    }

    @Override
    public CompletableFuture<Ack> append(List<WalRecord> batch) {
        var copy = List.copyOf(batch);
        synchronized (this) {
            appends++;
            if (ended != null) {
                return CompletableFuture.failedFuture(SeawallException.of(Codes.CLOSED, "the writer has ended")
                        .build());
            }
            if (appends >= failFrom && failure != null) {
                ended = failure;
                return CompletableFuture.failedFuture(failure);
            }
            outstanding += copy.size();
            mostOutstanding = Math.max(mostOutstanding, outstanding);
            if (holding) {
                var answer = new CompletableFuture<Ack>();
                held.add(new Held(copy, answer));
                return answer;
            }
        }
        return CompletableFuture.completedFuture(write(copy));
    }

    private synchronized Ack write(List<WalRecord> batch) {
        var first = records.size();
        records.addAll(batch);
        outstanding -= batch.size();
        return new Ack(TERM, first, records.size() - 1L, false);
    }

    synchronized List<WalRecord> records() {
        return List.copyOf(records);
    }

    /** Returns all values, each followed by a newline. */
    synchronized byte[] lines() {
        var all = new ByteArrayOutputStream();
        for (var record : records) {
            all.writeBytes(Objects.requireNonNull(record.value()));
            all.write('\n');
        }
        return all.toByteArray();
    }

    synchronized int appends() {
        return appends;
    }

    /** Returns how many records have no answer. */
    synchronized int outstanding() {
        return outstanding;
    }

    synchronized int mostOutstanding() {
        return mostOutstanding;
    }

    @Override
    public String pchannel() {
        return "orders-3";
    }

    @Override
    public CompletableFuture<Ack> append(WalRecord record) {
        return append(List.of(record));
    }

    @Override
    public CompletableFuture<Ack> appendIfTail(long tail, List<WalRecord> batch) {
        throw new UnsupportedOperationException("lines have no condition");
    }

    @Override
    public CompletableFuture<Void> flush() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized Optional<SeawallException> failure() {
        return Optional.ofNullable(ended);
    }

    @Override
    public void close(Duration atMost) {
        // the command does it
    }
}
