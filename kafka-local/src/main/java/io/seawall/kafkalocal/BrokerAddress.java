package io.seawall.kafkalocal;

/**
 * Where one node listens, on 127.0.0.1 only.
 *
 * @param port of the broker, for clients and the other brokers
 * @param controllerPort of the controller in the same process
 */
record BrokerAddress(int port, int controllerPort) {
    static final String HOST = "127.0.0.1";

    String client() {
        return HOST + ":" + port;
    }

    String controller() {
        return HOST + ":" + controllerPort;
    }
}
