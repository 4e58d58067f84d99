package io.seawall.node.http;

import io.seawall.node.http.json.Shown;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/**
 * Rejects requests that a browser sends on behalf of another site's page. Otherwise any page that an operator opens could
 * append and delete on a node that is only reachable from this machine.
 */
final class OriginGate implements Gate {
    private static final Pattern ORIGIN = Pattern.compile("https?://[^\\s/?#@]+");

    /** Hosts that no name server resolves. */
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[.*]|localhost", Pattern.CASE_INSENSITIVE);

    private final Set<String> allowed;
    private final @Nullable String ownHost;
    private final boolean secure;
    private final NodeMetrics metrics;

    /**
     * Creates a gate.
     *
     * @param origins the sites whose pages may use the node
     * @param secure whether the node serves TLS
     * @param metrics counts refusals
     */
    OriginGate(HttpSettings.Origins origins, boolean secure, NodeMetrics metrics) {
        this.secure = secure;
        this.allowed = origins.allowed();
        this.ownHost =
                origins.ownUrl().isEmpty() ? null : URI.create(origins.ownUrl()).getHost();
        this.metrics = metrics;
    }

    @Override
    public void check(Request request, Response response) {
        var origins = request.getHeaders().getValuesList(HttpHeader.ORIGIN);
        if (origins.isEmpty() || (origins.size() == 1 && isAllowed(origins.get(0), request))) {
            return;
        }
        metrics.refused("origin");
        throw Problem.of(ErrorCode.FORBIDDEN, "accept a request of this page")
                .found("Origin " + Shown.text(String.join(", ", origins)))
                .expected("a page of the node itself")
                .fix("http.cors.origins names other sites whose pages may use the node")
                .exception();
    }

    private boolean isAllowed(String origin, Request request) {
        return allowed.contains("*") || allowed.stream().anyMatch(origin::equalsIgnoreCase) || isOwn(origin, request);
    }

    /**
     * Returns whether the page was loaded from the node, under a name that belongs to the node. The owner of any other name
     * could make it resolve to this node; the browser would then treat the owner's page and the node as the same site. A node with TLS
     * has no pages in plain text: the network has put those there.
     */
    private boolean isOwn(String origin, Request request) {
        var host = request.getHeaders().get(HttpHeader.HOST);
        var page = host == null || !ORIGIN.matcher(origin).matches() ? null : uri(origin);
        var node = page == null ? null : uri(page.getScheme() + "://" + host);
        return page != null
                && node != null
                && (!secure || page.getScheme().equals("https"))
                && port(page) == port(node)
                && node.getHost().equalsIgnoreCase(page.getHost())
                && (ADDRESS.matcher(node.getHost()).matches() || node.getHost().equalsIgnoreCase(ownHost));
    }

    private static int port(URI uri) {
        var initial = uri.getScheme().equals("https") ? 443 : 80;
        return uri.getPort() == -1 ? initial : uri.getPort();
    }

    /** Returns the URI, or null if it has no host. */
    private static @Nullable URI uri(String text) {
        try {
            var uri = new URI(text);
            return uri.getHost() == null ? null : uri;
        } catch (URISyntaxException e) {
            return null;
        }
    }
}
