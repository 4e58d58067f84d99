package io.seawall.it.ports;

/** The contract of the ports on simulated brokers. */
class SimulatedPortsTest extends PortsContract {
    private final ContractKafka kafka = new SimulatedContractKafka();

    @Override
    ContractKafka kafka() {
        return kafka;
    }
}
