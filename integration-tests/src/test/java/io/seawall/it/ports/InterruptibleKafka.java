package io.seawall.it.ports;

import io.seawall.wal.PChannel;
import io.seawall.walkafka.port.Lane;
import io.seawall.walkafka.port.Ports;

/** A Kafka whose transactions can be interrupted without a rival. */
interface InterruptibleKafka extends ContractKafka {
    /** Returns ports of a process whose transactions time out after half a second. */
    Ports hastyPorts();

    /** Waits until a transactional id has expired. */
    void forgetIds(PChannel pchannel, Lane lane);

    /** Stops the coordinators for some seconds; afterwards they, or others, continue from their log. */
    void loseCoordinators();
}
