package io.seawall.clustersim;

import io.seawall.wal.PChannel;
import io.seawall.walkafka.port.Lane;
import io.seawall.walkafka.port.LaneFault;
import io.seawall.walkafka.port.LaneProducer;
import io.seawall.walkafka.port.LaneProducers;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The producers of one process, and how many of each log are not closed: a log without any is closed. */
final class CountedLanes implements LaneProducers {
    private final LaneProducers lanes;
    private final Map<PChannel, Integer> open = new HashMap<>();

    CountedLanes(LaneProducers lanes) {
        this.lanes = lanes;
    }

    boolean isClosed(PChannel pchannel) {
        return open.getOrDefault(pchannel, 0) == 0;
    }

    @Override
    public LaneProducer create(PChannel pchannel, Lane lane) {
        open.merge(pchannel, 1, Integer::sum);
        return new Counted(lanes.create(pchannel, lane), () -> open.merge(pchannel, -1, Integer::sum));
    }

    private static final class Counted implements LaneProducer {
        private final LaneProducer lane;
        private final Runnable onClose;
        private boolean closed;

        Counted(LaneProducer lane, Runnable onClose) {
            this.lane = lane;
            this.onClose = onClose;
        }

        @Override
        public CompletableFuture<Void> init() {
            return lane.init();
        }

        @Override
        public void begin() {
            lane.begin();
        }

        @Override
        public void send(Outgoing record, Acknowledged callback) {
            lane.send(record, callback);
        }

        @Override
        public CompletableFuture<Void> commit() {
            return lane.commit();
        }

        @Override
        public @Nullable LaneFault lostTopic() {
            return lane.lostTopic();
        }

        @Override
        public void close() {
            lane.close();
            if (!closed) {
                closed = true;
                onClose.run();
            }
        }
    }
}
