package io.seawall.walkafka.port;

import io.seawall.wal.PChannel;

/** Port: makes the producers of lanes. */
@FunctionalInterface
public interface LaneProducers {
    /** A producer that has not been initialized yet; may block briefly, does not connect. */
    LaneProducer create(PChannel pchannel, Lane lane);
}
