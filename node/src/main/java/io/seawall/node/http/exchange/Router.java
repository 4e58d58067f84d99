package io.seawall.node.http.exchange;

import io.seawall.node.http.json.Shown;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Maps method and path template to an endpoint. Filled before the first request and only read afterwards. */
public final class Router {
    static final String HEAD = "HEAD";
    private static final String GET = "GET";

    private final List<Route> routes = new ArrayList<>();

    /**
     * A route.
     *
     * @param method as in {@code GET}
     * @param template as in {@code /v1/topics/{topic}}
     * @param endpoint handles its requests
     */
    public record Route(String method, String template, Endpoint endpoint) {}

    /**
     * A route that matches a request.
     *
     * @param route the route
     * @param parameters the parts of the path by their names in the template
     */
    public record Match(Route route, Map<String, String> parameters) {
        public Match {
            parameters = Map.copyOf(parameters);
        }
    }

    public Router add(String method, String template, Endpoint endpoint) {
        routes.add(new Route(method, template, endpoint));
        return this;
    }

    /** Returns all routes. */
    public List<Route> routes() {
        return List.copyOf(routes);
    }

    /**
     * Finds the route for a request. For {@code HEAD} that is the one of {@code GET}, because Jetty omits the body.
     *
     * @throws io.seawall.wal.RequestException with code NOT_FOUND if no template matches the path
     * @throws HttpRefusal with status 405 and {@code Allow} if one matches the path but not the method
     */
    public Match find(String method, String path) {
        var allowed = new TreeSet<String>();
        var wanted = method.equals(HEAD) ? GET : method;
        for (var route : routes) {
            var parameters = new HashMap<String, String>();
            if (fits(route.template(), path, parameters)) {
                if (route.method().equals(wanted)) {
                    return new Match(new Route(method, route.template(), route.endpoint()), parameters);
                }
                allowed.add(route.method());
            }
        }
        if (allowed.isEmpty()) {
            throw Problem.of(ErrorCode.NOT_FOUND, "find " + Shown.text(path))
                    .expected("a path of the API, such as /v1/pchannels")
                    .exception();
        }
        if (allowed.contains(GET)) {
            allowed.add(HEAD);
        }
        var problem = Problem.of(ErrorCode.INVALID, "use " + Shown.text(path))
                .found("method " + Shown.text(method))
                .expected("one of " + allowed);
        throw new HttpRefusal(405, problem, Map.of("Allow", String.join(", ", allowed)));
    }

    private static boolean fits(String template, String path, Map<String, String> parameters) {
        var wanted = template.split("/", -1);
        var given = path.split("/", -1);
        if (wanted.length != given.length) {
            return false;
        }
        for (var at = 0; at < wanted.length; at++) {
            if (wanted[at].startsWith("{") && !given[at].isEmpty()) {
                parameters.put(wanted[at].substring(1, wanted[at].length() - 1), given[at]);
            } else if (!wanted[at].equals(given[at])) {
                return false;
            }
        }
        return true;
    }
}
