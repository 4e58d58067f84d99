package io.seawall.node.http;

import java.util.Set;

/**
 * What of the configuration the HTTP server needs.
 *
 * @param host the address to listen on
 * @param port the port to listen on, 0 for a free one
 * @param nodeId the node's name
 * @param recordMaxBytes the largest record: key, value and headers, in bytes
 * @param origins whose pages may use the node
 */
public record HttpSettings(String host, int port, String nodeId, int recordMaxBytes, Origins origins) {
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

    HttpSettings listeningOn(int other) {
        return new HttpSettings(host, other, nodeId, recordMaxBytes, origins);
    }

    HttpSettings with(Origins other) {
        return new HttpSettings(host, port, nodeId, recordMaxBytes, other);
    }
}
