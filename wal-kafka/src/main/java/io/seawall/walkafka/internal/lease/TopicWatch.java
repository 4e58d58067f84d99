package io.seawall.walkafka.internal.lease;

import io.seawall.walkafka.port.LaneFault;
import io.seawall.walkafka.port.LaneProducer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds out, while a lease is open, that the topic was deleted. If nothing in flight was acknowledged since the last look and the
 * brokers have told the producer that there is no such topic, the lane fails at once. Kafka's client would go on trying for the whole
 * delivery timeout. On the log's mailbox only.
 */
final class TopicWatch {
    static final long EVERY_MS = 1_000;

    private final InFlight inFlight;
    private final LeaseEvents events;
    private final Supplier<@Nullable LaneProducer> active;
    private final Consumer<LaneFault> onGone;
    private boolean watching;
    private long doneBefore; // how many sends were done at the last look; -1 if nothing was in flight

    /**
     * A watch that has not started.
     *
     * @param active returns the lane that appends go to; null ends the watch
     * @param onGone told that the topic is gone
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

    /** A lease was begun. */
    void start() {
        if (!watching) {
            watching = true;
            doneBefore = -1;
            events.postAfter(EVERY_MS, this::look);
        }
    }

    private void look() {
        var lane = active.get();
        if (lane == null) {
            watching = false;
            return;
        }
        var stands = !inFlight.isEmpty() && inFlight.done() == doneBefore;
        var gone = stands ? lane.lostTopic() : null;
        if (gone != null) {
            onGone.accept(gone);
            return;
        }
        doneBefore = inFlight.isEmpty() ? -1 : inFlight.done();
        events.postAfter(EVERY_MS, this::look);
    }
}
