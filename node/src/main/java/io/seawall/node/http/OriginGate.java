package io.seawall.node.http;

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
 * Refuses requests that a browser sends for a page of another site. Without it any page that an operator looks at could append
 * and delete on a node that only this machine reaches.
 */
final class OriginGate implements Gate {
    private static final Pattern ORIGIN = Pattern.compile("https?://[^\\s/?#@]+");

    /** What no name server answers for. */
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[.*]|localhost", Pattern.CASE_INSENSITIVE);

    private final Set<String> allowed;
    private final @Nullable String ownHost;
    private final NodeMetrics metrics;

    OriginGate(HttpSettings.Origins origins, NodeMetrics metrics) {
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
        throw Problem.of(ErrorCode.FORBIDDEN, "take a request of this page")
                .found("Origin " + Shown.text(String.join(", ", origins)))
                .expected("a page of the node itself")
                .fix("http.cors.origins names other sites whose pages may use the node")
                .exception();
    }

    private boolean isAllowed(String origin, Request request) {
        return allowed.contains("*") || allowed.stream().anyMatch(origin::equalsIgnoreCase) || isOwn(origin, request);
    }

    /**
     * Whether the page came from where the request goes, and under a name that is the node's. Any other name can be made to lead
     * here by its owner: the browser then takes the owner's page and the node for one site.
     */
    private boolean isOwn(String origin, Request request) {
        var host = request.getHeaders().get(HttpHeader.HOST);
        var page = host == null || !ORIGIN.matcher(origin).matches() ? null : uri(origin);
        var node = page == null ? null : uri(page.getScheme() + "://" + host);
        return page != null
                && node != null
                && port(page) == port(node)
                && node.getHost().equalsIgnoreCase(page.getHost())
                && (ADDRESS.matcher(node.getHost()).matches() || node.getHost().equalsIgnoreCase(ownHost));
    }

    private static int port(URI uri) {
        var initial = uri.getScheme().equals("https") ? 443 : 80;
        return uri.getPort() == -1 ? initial : uri.getPort();
    }

    /** The address, or null for one without a host. */
    private static @Nullable URI uri(String text) {
        try {
            var uri = new URI(text);
            return uri.getHost() == null ? null : uri;
        } catch (URISyntaxException e) {
            return null;
        }
    }
}
