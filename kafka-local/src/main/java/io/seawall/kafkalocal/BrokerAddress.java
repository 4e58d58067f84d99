package io.seawall.kafkalocal;

import org.jspecify.annotations.Nullable;

/**
 * The ports on which one node listens, on 127.0.0.1 only.
 *
 * @param port of the broker, for clients and the other brokers
 * @param controllerPort of the controller in the same process
 * @param detour the listener for a proxy; null for none
 */
record BrokerAddress(int port, int controllerPort, @Nullable Detour detour) {
    static final String HOST = "127.0.0.1";

    /** This is not a compact constructor because javac 17 loses {@code @Nullable} there. */
    BrokerAddress(int port, int controllerPort, @Nullable Detour detour) {
        this.port = port;
        this.controllerPort = controllerPort;
        this.detour = detour;
    }

    BrokerAddress(int port, int controllerPort) {
        this(port, controllerPort, null);
    }

    /**
     * A second listener, which advertises another port to its clients.
     *
     * @param port the port that the broker listens on
     * @param advertisedPort the port that clients get
     */
    record Detour(int port, int advertisedPort) {
        String listener() {
            return HOST + ":" + port;
        }

        String advertised() {
            return HOST + ":" + advertisedPort;
        }
    }

    String client() {
        return HOST + ":" + port;
    }

    String controller() {
        return HOST + ":" + controllerPort;
    }
}
