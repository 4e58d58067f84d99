package io.seawall.node.grpc.read;

import io.seawall.api.v1.ReadResponse;
import io.seawall.node.grpc.call.GrpcLimits;
import io.seawall.node.tail.RecordSlice;
import io.seawall.node.tail.TailingReader;
import io.seawall.node.tail.Tails;
import io.seawall.wal.PChannel;
import io.seawall.wal.PollLimits;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where a call reads, and what it has to send next. Blocks unless {@link #isShared}. Used by one thread at a time; what the call's lock
 * guards, such as {@link #hasWork}, may be asked by a thread that holds the lock.
 */
final class Cursor implements AutoCloseable {
    /** The longest single wait, so that the end of the call is noticed. */
    private static final Duration SLICE = Duration.ofMillis(500);

    private final Reading reading;
    private final LongSupplier nanoTime;
    private final Duration signOfLife;
    private final TailingReader reader;
    private long left;
    private long sentNanos;
    private boolean first = true;

    private Cursor(Reading reading, LongSupplier nanoTime, Duration signOfLife, TailingReader reader) {
        this.reading = reading;
        this.nanoTime = nanoTime;
        this.signOfLife = signOfLife;
        this.reader = reader;
        this.left = reading.limit();
    }

    /**
     * Opens a cursor. Blocks.
     *
     * @param signOfLife the longest time between two messages
     * @param changed see {@link Tails}
     * @throws io.seawall.wal.WalException as {@link io.seawall.wal.WalReaders#open}
     */
    static Cursor open(Tails tails, Reading reading, LongSupplier nanoTime, Duration signOfLife, Runnable changed) {
        var sharing = !reading.untilTail();
        var reader = TailingReader.open(tails, reading.pchannel(), reading.from(), reading.view(), sharing, changed);
        return new Cursor(reading, nanoTime, signOfLife, reader);
    }

    /**
     * What to do next.
     *
     * @param message a message to send, or null if there is none yet
     * @param last whether the call ends with it
     */
    record Step(@Nullable ReadMessage message, boolean last) {
        private static final Step NOTHING = new Step(null, false);

        /** Written out because javac 17 drops the Nullable from a compact constructor. */
        Step(@Nullable ReadMessage message, boolean last) {
            this.message = message;
            this.last = last;
        }
    }

    PChannel pchannel() {
        return reading.pchannel();
    }

    /** Returns whether it takes from a shared tail, so that {@link #next} does not block. */
    boolean isShared() {
        return reader.isShared();
    }

    /** Returns whether {@link #next} would return a message, or has to be called for another reason. Does not block. */
    boolean hasWork(long nowNanos) {
        return first || reader.hasMore() || isDue(nowNanos);
    }

    /** Returns what to send. Without a shared tail it waits for records for a moment. */
    Step next() {
        if (first) {
            first = false;
            return step(List.of(), reading.untilTail() && reader.isAtTail());
        }
        var shared = isShared();
        var records = shared ? reader.take(limits()) : reader.poll(limits(), patience(nanoTime.getAsLong()));
        if (records.isEmpty()) {
            return idle();
        }
        left -= count(records);
        var last = left == 0 || (reading.untilTail() && reader.isAtTail());
        return shared ? encoded(records, last) : step(records, last);
    }

    private Step idle() {
        if (reading.untilTail() && reader.isAtTail()) {
            reader.updateBounds();
            if (reader.isAtTail()) {
                return step(List.of(), true);
            }
        }
        if (isDue(nanoTime.getAsLong())) {
            reader.updateBounds();
            return step(List.of(), false);
        }
        return Step.NOTHING;
    }

    /** Returns whether a sign of life is due. A shared tail tells of the time in steps, so it is due one step earlier. */
    private boolean isDue(long nowNanos) {
        var silentNanos = nowNanos - sentNanos;
        var early = isShared() ? Math.min(Tails.BEAT.toNanos(), signOfLife.toNanos() / 2) : 0;
        return silentNanos >= signOfLife.toNanos() - early;
    }

    private PollLimits limits() {
        return new PollLimits((int) Math.min(left, GrpcLimits.READ_BATCH_RECORDS), reading.batchBytes());
    }

    private Duration patience(long nowNanos) {
        var untilDue = signOfLife.minusNanos(nowNanos - sentNanos);
        var wait = untilDue.compareTo(SLICE) < 0 ? untilDue : SLICE;
        return wait.isNegative() ? Duration.ZERO : wait;
    }

    private static int count(List<RecordSlice> records) {
        return records.stream().mapToInt(RecordSlice::count).sum();
    }

    /** Records that this reader alone has become fields of the message, so that their values are copied once, to the network. */
    private Step step(List<RecordSlice> records, boolean last) {
        var message = positions();
        for (var slice : records) {
            slice.records().forEach(record -> message.addRecords(RecordMessages.of(record)));
        }
        return new Step(ReadMessage.of(message.build()), last);
    }

    /** Records that other readers have too are encoded once for all of them. */
    private Step encoded(List<RecordSlice> records, boolean last) {
        return new Step(ReadMessage.of(positions().build(), records), last);
    }

    private ReadResponse.Builder positions() {
        sentNanos = nanoTime.getAsLong();
        var bounds = reader.bounds();
        return ReadResponse.newBuilder()
                .setNext(reader.nextLsn())
                .setTail(bounds.tail())
                .setOldest(bounds.oldest())
                .setCaughtUp(reader.nextLsn() >= bounds.tail());
    }

    @Override
    public void close() {
        reader.close();
    }
}
