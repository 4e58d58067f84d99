package io.seawall.walkafka;

import io.seawall.walkafka.port.LaneFault;
import io.seawall.walkafka.port.LaneProducer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks, while a lease is open, whether what is in flight gets on. If nothing was acknowledged since the last look and the producer
 * has heard that its topic is gone, the lane fails now: Kafka's client would go on trying for the whole delivery timeout, with nobody
 * sending anything that fails sooner. On the log's mailbox only.
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
     * @param active the lane that appends go to; null ends the watch
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
