package io.seawall.node.http;

import java.time.Duration;
import java.util.Set;

/**
 * The settings of the HTTP server.
 *
 * @param host the address to listen on
 * @param port the port to listen on, 0 for any free one
 * @param nodeId the node's name
 * @param recordMaxBytes the largest record: key, value and headers, in bytes
 * @param origins whose pages may use the node
 * @param connections the limits of connections and of slow clients
 */
public record HttpSettings(
        String host, int port, String nodeId, int recordMaxBytes, Origins origins, Connections connections) {
    /**
     * Whose pages may use the node.
     *
     * @param ownUrl the URL under which others know the node, empty if there is only its address
     * @param allowed the origins of other sites as browsers send them, or {@code *} for all
     */
    public record Origins(String ownUrl, Set<String> allowed) {
        /** Only the node's own pages. */
        public static final Origins OWN = new Origins("", Set.of());

        /** Copies the set. */
        public Origins {
            allowed = Set.copyOf(allowed);
        }
    }

    /**
     * The limits of connections and of slow clients.
     *
     * @param most how many connections are served
     * @param perAddress how many of them one address may have
     * @param spare how many more are accepted, for health and metrics
     * @param head how long the head of a request may take
     * @param grace how long a body, or one write of an answer, may take regardless of its size
     * @param bytesPerSecond the lowest rate after that
     * @param acceptQueue how many connections the system queues until the node accepts them
     */
    public record Connections(
            int most, int perAddress, int spare, Duration head, Duration grace, long bytesPerSecond, int acceptQueue) {
        /** The default number of connections reserved for health and metrics. */
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
