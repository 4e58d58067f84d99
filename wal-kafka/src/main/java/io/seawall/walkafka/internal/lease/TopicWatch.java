package io.seawall.walkafka.internal.lease;

import io.seawall.walkafka.port.LaneFault;
import io.seawall.walkafka.port.LaneProducer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Detects that the topic was deleted while a lease is open. If no send was acknowledged since the last check, and the brokers have
 * answered the producer that the topic does not exist, the lane fails at once. Kafka's client would retry for its whole delivery
 * timeout. Used on the mailbox only.
 */
final class TopicWatch {
    static final long EVERY_MS = 1_000;

    private final InFlight inFlight;
    private final LeaseEvents events;
    private final Supplier<@Nullable LaneProducer> active;
    private final Consumer<LaneFault> onGone;
    private boolean watching;
    private long doneBefore; // the number of acknowledged sends at the last check; -1 if nothing was in flight

    /**
     * Creates a watch that has not started.
     *
     * @param active returns the lane that takes appends; null ends the watch
     * @param onGone called if the topic is gone
     */
    TopicWatch(
            InFlight inFlight,
            LeaseEvents events,
            Supplier<@Nullable LaneProducer> active,
            Consumer<LaneFault> onGone) {
        this.inFlight = inFlight;
        this.events = events;
        this.active = active;
        this.onGone = onGone;
    }

    /** Notes that a lease has begun. */
    void start() {
        if (!watching) {
            watching = true;
            doneBefore = -1;
            events.postAfter(EVERY_MS, this::check);
        }
    }

    private void check() {
        var lane = active.get();
        if (lane == null) {
            watching = false;
            return;
        }
        var isStuck = !inFlight.isEmpty() && inFlight.done() == doneBefore;
        var gone = isStuck ? lane.lostTopic() : null;
        if (gone != null) {
            onGone.accept(gone);
            return;
        }
        doneBefore = inFlight.isEmpty() ? -1 : inFlight.done();
        events.postAfter(EVERY_MS, this::check);
    }
}
