package io.seawall.node.peer;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a node serves.
 *
 * @param host a name or an address
 * @param port the port
 * @param path the path in front of the API's, without a slash at its end; usually empty
 * @param secure whether it serves TLS
 */
record PeerUrl(String host, int port, String path, boolean secure) {
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;
    private static final int MOST_PORT = 65_535;

    /** A name that {@link URI} takes for no host, as one with an underscore. Containers have such names. */
    private static final Pattern NAME = Pattern.compile("([^:@\\[\\]]+)(?::([0-9]{1,5}))?");

    /** Parses a URL; empty if it is none with {@code http} or {@code https}. */
    static Optional<PeerUrl> parse(String text) {
        try {
            var uri = new URI(text);
            var secure = "https".equalsIgnoreCase(uri.getScheme());
            if (!(secure || "http".equalsIgnoreCase(uri.getScheme())) || uri.getRawAuthority() == null) {
                return Optional.empty();
            }
            var path = uri.getRawPath() == null ? "" : uri.getRawPath();
            var folder = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
            if (uri.getHost() != null) {
                return of(uri.getHost(), uri.getPort(), folder, secure);
            }
            var name = NAME.matcher(uri.getRawAuthority());
            return name.matches()
                    ? of(name.group(1), name.group(2) == null ? -1 : Integer.parseInt(name.group(2)), folder, secure)
                    : Optional.empty();
        } catch (URISyntaxException notOne) {
            return Optional.empty();
        }
    }

    private static Optional<PeerUrl> of(String host, int port, String path, boolean secure) {
        var known = port >= 0 ? port : secure ? HTTPS_PORT : HTTP_PORT;
        return known <= MOST_PORT ? Optional.of(new PeerUrl(host, known, path, secure)) : Optional.empty();
    }

    String authority() {
        return host + ":" + port;
    }

    /** Returns the address of a path of the API. */
    URI uri(String ofApi) {
        return URI.create((secure ? "https://" : "http://") + authority() + path + ofApi);
    }

    /** Finds the address. Blocks for as long as the name server takes; the result may be unresolved. */
    InetSocketAddress resolve() {
        return new InetSocketAddress(host, port);
    }
}
