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
 * Sends the records of a lane in order, and holds them back while the producer has no metadata of the topic, as after the restart
 * of a broker: a send would then fail and break the transaction. One thread at a time calls {@link #send}. While records are held
 * back, only the thread that completes {@link Target#ready} sends. The caller's window bounds the memory.
 */
final class HeldSends {
    private final Target target;
    private final long longestMs;
    private final Time time;
    private final Deque<Held> held = new ArrayDeque<>(); // guarded by this
    private volatile boolean holding; // writes guarded by this; read by the thread that sends
    private volatile @Nullable LaneFault broken; // writes guarded by this; read by all; stays set

    private record Held(Outgoing record, Acknowledged callback, long sinceMs) {}

    /** Kafka's producer. No call blocks. */
    interface Target {
        /** Returns whether the producer would accept a send now. Contacts no broker. */
        boolean isReady();

        /**
         * Waits until the producer would accept a send.
         *
         * @return completes when it would; fails with a {@link LaneFault} after the longest time
         */
        CompletableFuture<Void> ready(Duration longest);

        /** Sends a record. Never throws: errors go to the callback. */
        void send(Outgoing record, Acknowledged callback);
    }

    /**
     * Creates an object that holds back no records yet.
     *
     * @param longest how long a record may be held back before the lane fails
     */
    HeldSends(Target target, Duration longest, Time time) {
        this.target = target;
        this.longestMs = longest.toMillis();
        this.time = time;
    }

    /** Sends a record, or holds it back behind the records that are held back already. */
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

    /** Returns the oldest record that is held back. If there is none, ends the holding and returns null. */
    private synchronized @Nullable Held oldest() {
        var oldest = held.peek();
        holding = oldest != null;
        return oldest;
    }

    /** Removes a record that is about to be sent. Returns false if it has failed meanwhile. */
    private synchronized boolean take(Held next) {
        return held.remove(next);
    }

    /**
     * Returns why the transaction must not be committed: a record failed or is held back. Returns null if the producer has all
     * records.
     */
    @Nullable
    LaneFault unsent() {
        var fault = broken;
        return fault == null && holding
                ? new LaneFault(LaneFault.Kind.UNAVAILABLE, new IllegalStateException("records are held back"))
                : fault;
    }

    /** Fails the records that are held back, and all later ones, so that none is written behind a gap. */
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
