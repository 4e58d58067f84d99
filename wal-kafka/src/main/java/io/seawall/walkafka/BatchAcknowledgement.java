package io.seawall.walkafka;

import io.seawall.walkafka.port.LaneFault;
import io.seawall.walkafka.port.LaneProducer;
import org.jspecify.annotations.Nullable;

/** Counts the acknowledgements of one append on the producer's thread and tells once, or at each failure. */
final class BatchAcknowledgement implements LaneProducer.Acknowledged {
    private final LaneProducer.Acknowledged whole;
    private int left; // used by the producer's one thread, as long as nothing failed

    BatchAcknowledgement(int count, LaneProducer.Acknowledged whole) {
        this.left = count;
        this.whole = whole;
    }

    @Override
    public void on(long offset, @Nullable LaneFault fault) {
        if (fault != null) {
            whole.on(offset, fault);
        } else if (--left == 0) {
            whole.on(offset, null);
        }
    }
}
