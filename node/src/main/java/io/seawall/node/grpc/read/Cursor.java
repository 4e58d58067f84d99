package io.seawall.node.grpc.read;

import io.seawall.api.v1.ReadResponse;
import io.seawall.node.grpc.call.GrpcLimits;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.LogBounds;
import io.seawall.wal.LogRecord;
import io.seawall.wal.PChannel;
import io.seawall.wal.PollLimits;
import io.seawall.wal.Problem;
import io.seawall.wal.WalReader;
import io.seawall.wal.WalReaders;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Where a call reads, and what it has to send next. All methods may block; used by one thread at a time. Another source of records
 * can stand below it, such as a fetch that many calls of a log share.
 */
final class Cursor implements AutoCloseable {
    /** How long a record that is known to exist may take. */
    private static final Duration CATCH_UP = Duration.ofSeconds(10);

    /** The longest single wait, so that the end of the call is noticed. */
    private static final Duration SLICE = Duration.ofMillis(500);

    /** How old the known tail may get while records come in at the tail: asking for it may be a request to Kafka. */
    private static final Duration FRESH = Duration.ofSeconds(1);

    private final WalReaders readers;
    private final Reading reading;
    private final LongSupplier nanoTime;
    private final Duration signOfLife;
    private final WalReader reader;
    private LogBounds bounds;
    private long left;
    private long sentNanos;
    private long movedNanos;
    private long boundsNanos;
    private boolean caughtUp;
    private boolean first = true;

    private Cursor(WalReaders readers, Reading reading, LongSupplier nanoTime, Duration signOfLife, WalReader reader) {
        this.readers = readers;
        this.reading = reading;
        this.nanoTime = nanoTime;
        this.signOfLife = signOfLife;
        this.reader = reader;
        this.left = reading.limit();
        this.movedNanos = nanoTime.getAsLong();
        this.bounds = new LogBounds(0, 0);
    }

    /**
     * Opens a cursor.
     *
     * @param signOfLife the longest time between two messages
     * @throws io.seawall.wal.WalException as {@link WalReaders#open}
     */
    static Cursor open(WalReaders readers, Reading reading, LongSupplier nanoTime, Duration signOfLife) {
        var reader = readers.open(reading.pchannel(), reading.from(), reading.view());
        var cursor = new Cursor(readers, reading, nanoTime, signOfLife, reader);
        try {
            cursor.updateBounds();
        } catch (RuntimeException error) {
            reader.close();
            throw error;
        }
        return cursor;
    }

    /**
     * What to do next.
     *
     * @param message a message to send; the default instance if there is none yet
     * @param due whether to send it
     * @param last whether the call ends with it
     */
    record Step(ReadResponse message, boolean due, boolean last) {
        private static final Step NOTHING = new Step(ReadResponse.getDefaultInstance(), false, false);
    }

    PChannel pchannel() {
        return reading.pchannel();
    }

    /** Waits for records for a moment, and returns what to send. */
    Step next() {
        if (first) {
            first = false;
            return step(List.of(), reading.untilTail() && isAtTail());
        }
        var records = reader.poll(limits(), patience(nanoTime.getAsLong()));
        var nowNanos = nanoTime.getAsLong();
        if (records.isEmpty()) {
            return idle(nowNanos);
        }
        left -= records.size();
        movedNanos = nowNanos;
        if (isAtTail() && (!caughtUp || reading.untilTail() || nowNanos - boundsNanos >= FRESH.toNanos())) {
            updateBounds(); // there may be more
        }
        caughtUp = isAtTail();
        return step(records, left == 0 || (reading.untilTail() && isAtTail()));
    }

    private Step idle(long nowNanos) {
        if (!isAtTail()) {
            if (nowNanos - movedNanos > CATCH_UP.toNanos()) {
                throw late();
            }
        } else {
            movedNanos = nowNanos;
            if (reading.untilTail()) {
                updateBounds();
                if (isAtTail()) {
                    return step(List.of(), true);
                }
            }
        }
        if (nowNanos - sentNanos >= signOfLife.toNanos()) {
            updateBounds();
            return step(List.of(), false);
        }
        return Step.NOTHING;
    }

    private PollLimits limits() {
        return new PollLimits((int) Math.min(left, GrpcLimits.READ_BATCH_RECORDS), reading.batchBytes());
    }

    private Duration patience(long nowNanos) {
        var untilDue = signOfLife.minusNanos(nowNanos - sentNanos);
        var wait = untilDue.compareTo(SLICE) < 0 ? untilDue : SLICE;
        return wait.isNegative() ? Duration.ZERO : wait;
    }

    private RuntimeException late() {
        return Problem.of(ErrorCode.UNAVAILABLE, "read " + reading.pchannel())
                .pchannel(reading.pchannel())
                .found("no record at LSN " + reader.nextLsn() + " within " + CATCH_UP.toMillis()
                        + " ms, with the tail at " + bounds.tail())
                .fix("try again")
                .exception();
    }

    private boolean isAtTail() {
        return reader.nextLsn() >= bounds.tail();
    }

    private void updateBounds() {
        bounds = readers.bounds(reading.pchannel(), reading.view());
        boundsNanos = nanoTime.getAsLong();
    }

    private Step step(List<LogRecord> records, boolean last) {
        sentNanos = nanoTime.getAsLong();
        var next = reader.nextLsn();
        var message = ReadResponse.newBuilder()
                .setNext(next)
                .setTail(Math.max(bounds.tail(), next))
                .setOldest(bounds.oldest())
                .setCaughtUp(isAtTail());
        for (var record : records) {
            message.addRecords(RecordMessages.of(record));
        }
        return new Step(message.build(), true, last);
    }

    @Override
    public void close() {
        reader.close();
    }
}
