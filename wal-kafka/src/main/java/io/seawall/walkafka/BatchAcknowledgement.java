package io.seawall.walkafka;

import io.seawall.walkafka.port.LaneFault;
import io.seawall.walkafka.port.LaneProducer;
import org.jspecify.annotations.Nullable;

/** Counts the acknowledgements of one append on the producer's thread and tells once, or at each failure. */
final class BatchAcknowledgement implements LaneProducer.Acknowledged {
    private final InFlight.Entry entry;
    private final Acknowledgements acknowledgements;
    private int left; // used by the producer's one thread, as long as nothing failed

    BatchAcknowledgement(InFlight.Entry entry, int count, Acknowledgements acknowledgements) {
        this.entry = entry;
        this.left = count;
        this.acknowledgements = acknowledgements;
    }

    @Override
    public void on(long offset, @Nullable LaneFault fault) {
        if (fault != null || --left == 0) {
            acknowledgements.add(entry, offset, fault);
        }
    }
}
