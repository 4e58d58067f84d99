package io.seawall.walkafka.internal.client;

import io.seawall.walkafka.internal.serial.Futures;
import io.seawall.walkafka.internal.serial.PortErrors;
import io.seawall.walkafka.port.LaneFault;
import io.seawall.walkafka.port.LaneProducer.Acknowledged;
import io.seawall.walkafka.port.LaneProducer.Outgoing;
import io.seawall.walkafka.port.Time;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Sends the records of a lane in order, and holds them back while the producer does not know where the topic is, as after the
 * restart of a broker. A send of Kafka's producer would fail then, and break the transaction. {@link #send} is called by one thread
 * at a time. While records are held back, only the thread that the target is ready on sends. The caller's window bounds the memory.
 */
final class HeldSends {
    private final Target target;
    private final long longestMs;
    private final Time time;
    private final Deque<Held> held = new ArrayDeque<>(); // guarded by this
    private volatile boolean holding; // written under this, read by the thread that sends
    private volatile @Nullable LaneFault broken; // written under this, read by all; never null again

    private record Held(Outgoing record, Acknowledged callback, long sinceMs) {}

    /** Kafka's producer. No call blocks. */
    interface Target {
        /** Returns whether a send would be taken now. Contacts no broker. */
        boolean isReady();

        /**
         * Waits until a send would be taken.
         *
         * @return completes then; fails with a {@link LaneFault} after the longest time
         */
        CompletableFuture<Void> ready(Duration longest);

        /** Sends a record. Never throws: errors go to the callback. */
        void send(Outgoing record, Acknowledged callback);
    }

    /**
     * Holds nothing back yet.
     *
     * @param longest how long a record may be held back; then the lane fails
     */
    HeldSends(Target target, Duration longest, Time time) {
        this.target = target;
        this.longestMs = longest.toMillis();
        this.time = time;
    }

    /** Sends a record behind those that are held back. */
    void send(Outgoing record, Acknowledged callback) {
        if (broken == null && !holding && target.isReady()) {
            target.send(record, callback);
        } else {
            hold(new Held(record, callback, time.elapsedMs()));
        }
    }

    private void hold(Held record) {
        boolean first;
        synchronized (this) {
            first = !holding && broken == null;
            if (broken == null) {
                holding = true;
                held.add(record);
            }
        }
        var fault = broken;
        if (first) {
            await(record);
        } else if (fault != null) {
            failHeld(List.of(record), fault);
        }
    }

    private void await(Held oldest) {
        var leftMs = Math.max(1, longestMs - (time.elapsedMs() - oldest.sinceMs()));
        Futures.listen(target.ready(Duration.ofMillis(leftMs)), (ready, error) -> {
            if (error == null) {
                sendHeld();
            } else {
                fail(PortErrors.laneFault(error));
            }
        });
    }

    private void sendHeld() {
        for (var next = oldest(); next != null; next = oldest()) {
            if (!target.isReady()) {
                await(next);
                return;
            }
            if (take(next)) {
                target.send(next.record(), next.callback());
            }
        }
    }

    /** The oldest record; null if none is held back, which ends the holding. */
    private synchronized @Nullable Held oldest() {
        var oldest = held.peek();
        holding = oldest != null;
        return oldest;
    }

    /** False if it has failed meanwhile. */
    private synchronized boolean take(Held next) {
        return held.remove(next);
    }

    /**
     * Returns why nothing may be committed: because a record failed, or because one is held back.
     *
     * @return null if everything was handed to the producer
     */
    @Nullable
    LaneFault unsent() {
        var fault = broken;
        return fault == null && holding
                ? new LaneFault(LaneFault.Kind.UNAVAILABLE, new IllegalStateException("records are held back"))
                : fault;
    }

    /** Fails every record that is held back, and every later one, so that none is written behind a gap. */
    void fail(LaneFault fault) {
        failHeld(failed(fault), fault);
    }

    private synchronized List<Held> failed(LaneFault fault) {
        if (broken == null) {
            broken = fault;
        }
        var all = List.copyOf(held);
        held.clear();
        return all;
    }

    private static void failHeld(List<Held> records, LaneFault fault) {
        records.forEach(record -> record.callback().on(-1, fault));
    }
}
