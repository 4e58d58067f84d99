package io.seawall.node.peer;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/**
 * Where a node serves.
 *
 * @param host a name or an address
 * @param port the port
 * @param path the path in front of the API's, without a slash at its end; usually empty
 */
record PeerUrl(String host, int port, String path) {
    private static final int HTTP_PORT = 80;

    /** Parses a URL; empty if it is none with {@code http}. */
    static Optional<PeerUrl> parse(String text) {
        try {
            var uri = new URI(text);
            if (!"http".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null) {
                return Optional.empty();
            }
            var path = uri.getRawPath() == null ? "" : uri.getRawPath();
            return Optional.of(new PeerUrl(
                    uri.getHost(),
                    uri.getPort() < 0 ? HTTP_PORT : uri.getPort(),
                    path.endsWith("/") ? path.substring(0, path.length() - 1) : path));
        } catch (URISyntaxException notOne) {
            return Optional.empty();
        }
    }

    String authority() {
        return host + ":" + port;
    }

    /** Finds the address. Blocks for as long as the name server takes; the result may be unresolved. */
    InetSocketAddress resolve() {
        return new InetSocketAddress(host, port);
    }
}
