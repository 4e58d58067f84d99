package io.seawall.node.http;

import java.time.Duration;
import java.util.Set;

/**
 * What of the configuration the HTTP server needs.
 *
 * @param host the address to listen on
 * @param port the port to listen on, 0 for a free one
 * @param nodeId the node's name
 * @param recordMaxBytes the largest record: key, value and headers, in bytes
 * @param origins whose pages may use the node
 * @param connections how many connections there may be, and how slow
 */
public record HttpSettings(
        String host, int port, String nodeId, int recordMaxBytes, Origins origins, Connections connections) {
    /**
     * Whose pages may use the node.
     *
     * @param ownUrl the URL that others know the node by, empty if there is none but its address
     * @param allowed the origins of other sites as browsers send them, or {@code *} for all
     */
    public record Origins(String ownUrl, Set<String> allowed) {
        /** The node's own pages alone. */
        public static final Origins OWN = new Origins("", Set.of());

        /** Takes an unchangeable copy. */
        public Origins {
            allowed = Set.copyOf(allowed);
        }
    }

    /**
     * How many connections there may be, and how slow.
     *
     * @param most how many are served
     * @param perAddress how many of them one address may have
     * @param spare how many more are taken, for health and metrics
     * @param head how long the head of a request may take
     * @param grace how long a body, or a write of an answer, may take however few bytes it has
     * @param bytesPerSecond the least rate beyond that
     * @param acceptQueue how many connections the system keeps until the node takes them
     */
    public record Connections(
            int most, int perAddress, int spare, Duration head, Duration grace, long bytesPerSecond, int acceptQueue) {
        /** How many connections are kept for health and metrics, where nothing else is said. */
        public static final int SPARE = 64;
    }

    HttpSettings listeningOn(int other) {
        return new HttpSettings(host, other, nodeId, recordMaxBytes, origins, connections);
    }

    HttpSettings with(Origins other) {
        return new HttpSettings(host, port, nodeId, recordMaxBytes, other, connections);
    }

    HttpSettings with(Connections other) {
        return new HttpSettings(host, port, nodeId, recordMaxBytes, origins, other);
    }
}
