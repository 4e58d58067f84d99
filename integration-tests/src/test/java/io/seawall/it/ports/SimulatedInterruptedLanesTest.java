package io.seawall.it.ports;

/** The contract of interrupted lanes on simulated brokers. */
class SimulatedInterruptedLanesTest extends InterruptedLanesContract {
    private final InterruptibleKafka kafka = new SimulatedContractKafka();

    @Override
    InterruptibleKafka kafka() {
        return kafka;
    }
}
