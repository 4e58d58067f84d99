package io.seawall.cli.read;

import io.seawall.client.log.LogReader;
import io.seawall.client.log.LogRecord;
import io.seawall.client.log.SeawallException;
import io.seawall.client.log.WalRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A reader of the client that gives what the test adds, message by message. For one thread. */
final class FakeReader implements LogReader {
    private final Deque<Message> messages = new ArrayDeque<>();
    private @Nullable SeawallException failure;
    private Runnable whileWaiting = () -> {
        throw new IllegalStateException("waits for ever");
    };
    private long added;
    private long next;
    private long tail = -1;
    private boolean ended;

    private record Message(List<LogRecord> records, long tail) {}

    /** Adds a message with these values, and with a tail as the node knows it. */
    FakeReader message(long tailThen, String... values) {
        return message(
                tailThen,
                List.of(values).stream()
                        .map(value -> WalRecord.of(value.getBytes(StandardCharsets.UTF_8)))
                        .toList());
    }

    FakeReader message(long tailThen, List<WalRecord> data) {
        var records = new ArrayList<LogRecord>();
        for (var record : data) {
            records.add(new LogRecord(added, 7, 1_000, record));
            added++;
        }
        messages.add(new Message(records, tailThen));
        return this;
    }

    /** Ends behind the messages. */
    FakeReader end() {
        ended = true;
        return this;
    }

    /** Fails behind the messages. */
    FakeReader fail(SeawallException why) {
        failure = why;
        return this;
    }

    /** Does this when the caller waits, because there is no message. */
    FakeReader whileWaiting(Runnable action) {
        whileWaiting = action;
        return this;
    }

    @Override
    public List<LogRecord> poll(Duration atMost) {
        if (messages.isEmpty() && failure == null && !ended && !atMost.isZero()) {
            whileWaiting.run();
        }
        var message = messages.poll();
        if (message == null) {
            if (failure != null) {
                throw failure;
            }
            return List.of();
        }
        tail = message.tail();
        next += message.records().size();
        return message.records();
    }

    @Override
    public boolean isEnded() {
        return ended && messages.isEmpty();
    }

    @Override
    public long next() {
        return next;
    }

    @Override
    public long tail() {
        return tail;
    }

    @Override
    public String pchannel() {
        return "orders-3";
    }

    @Override
    public CompletableFuture<Long> start() {
        return CompletableFuture.completedFuture(0L);
    }

    @Override
    public Flow.Publisher<LogRecord> publisher() {
        throw new UnsupportedOperationException("the command polls");
    }

    @Override
    public Iterator<LogRecord> iterator() {
        throw new UnsupportedOperationException("the command polls");
    }

    @Override
    public void close() {
        // the command does it
    }
}
