package io.seawall.it;

import io.seawall.wal.PChannel;
import io.seawall.walkafka.port.Lane;
import io.seawall.walkafka.port.Ports;

/** A Kafka whose transactions can be interrupted in all the ways that need no rival. */
interface InterruptibleKafka extends ContractKafka {
    /** Ports of a process whose transactions run into their time-out after half a second. */
    Ports hastyPorts();

    /** Lets a transactional id be idle until it is forgotten. */
    void forgetIds(PChannel pchannel, Lane lane);

    /** The coordinators go away for some seconds, and others, or they themselves, go on from their log. */
    void loseCoordinators();
}
