package io.seawall.walkafka.port;

import io.seawall.wal.PChannel;

/** Port: creates the producers of lanes. */
@FunctionalInterface
public interface LaneProducers {
    /** Creates a producer that is not initialized. May block briefly; does not connect. */
    LaneProducer create(PChannel pchannel, Lane lane);
}
