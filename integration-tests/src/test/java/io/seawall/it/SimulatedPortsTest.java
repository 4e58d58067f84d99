package io.seawall.it;

/** The contract on simulated brokers. */
class SimulatedPortsTest extends PortsContract {
    private final ContractKafka kafka = new SimulatedContractKafka();

    @Override
    ContractKafka kafka() {
        return kafka;
    }
}
