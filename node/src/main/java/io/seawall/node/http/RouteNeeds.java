package io.seawall.node.http;

import io.seawall.node.access.Action;
import io.seawall.node.access.Need;
import io.seawall.node.http.exchange.Router;
import io.seawall.wal.PChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** What a caller needs for each route. A route that is not here needs {@code admin:*}. */
final class RouteNeeds {
    private static final String HEAD = "HEAD";

    /** By method and template. The needs are made of the parts of the path. */
    private static final Map<String, Function<Map<String, String>, Need>> NEEDS = new HashMap<>();

    static {
        var everything = Need.ofAll(Action.READ, Action.ADMIN);
        var cluster = Need.ofAll(Action.ADMIN);
        always(Need.OPEN, "GET /livez", "GET /readyz", "GET /openapi.json");
        always(Need.KNOWN, "GET /version", "GET /v1/topics", "GET /v1/pchannels");
        always(everything, "GET /metrics", "GET /v1/cluster", "GET /v1/cluster/events");
        always(
                cluster,
                "PUT /v1/cluster/freeze",
                "DELETE /v1/cluster/freeze",
                "DELETE /v1/nodes/{n}",
                "PUT /v1/nodes/{n}/drain",
                "DELETE /v1/nodes/{n}/drain",
                "PUT /v1/nodes/{n}/freeze",
                "DELETE /v1/nodes/{n}/freeze",
                "GET /v1/cluster/peers/{n}",
                "POST /v1/cluster/hints");
        topic(Action.ADMIN, "PUT /v1/topics/{topic}", "DELETE /v1/topics/{topic}");
        seen("GET /v1/pchannels/{p}", "GET /v1/pchannels/{p}/segments", "GET /v1/pchannels/{p}/explanation");
        log(Action.APPEND, "POST /v1/pchannels/{p}/records");
        log(Action.READ, "GET /v1/pchannels/{p}/records");
        log(Action.TRIM, "POST /v1/pchannels/{p}/trim");
        log(
                Action.ADMIN,
                "PUT /v1/pchannels/{p}/assignment",
                "POST /v1/pchannels/{p}/flush",
                "POST /v1/pchannels/{p}/flush/pause",
                "POST /v1/pchannels/{p}/flush/resume",
                "POST /v1/pchannels/{p}/segments/verify",
                "PUT /v1/pchannels/{p}/pin",
                "DELETE /v1/pchannels/{p}/pin",
                "PUT /v1/pchannels/{p}/freeze",
                "DELETE /v1/pchannels/{p}/freeze",
                "DELETE /v1/pchannels/{p}/quarantine");
    }

    private RouteNeeds() {}

    private static void always(Need need, String... routes) {
        for (var route : routes) {
            NEEDS.put(route, path -> need);
        }
    }

    private static void topic(Action action, String... routes) {
        for (var route : routes) {
            NEEDS.put(route, path -> Need.ofTopic(PChannel.checkTopic(path.getOrDefault("topic", "")), action));
        }
    }

    private static void log(Action action, String... routes) {
        for (var route : routes) {
            NEEDS.put(route, path -> Need.ofTopic(topicOf(path), action));
        }
    }

    private static void seen(String... routes) {
        for (var route : routes) {
            NEEDS.put(route, path -> Need.toSee(topicOf(path)));
        }
    }

    private static String topicOf(Map<String, String> path) {
        return PChannel.parse(path.getOrDefault("p", "")).topic();
    }

    /** Returns whether the need of a route is stated here. */
    static boolean isStated(Router.Route route) {
        return NEEDS.containsKey(key(route));
    }

    /** Returns the routes whose needs are stated here, as method and template. */
    static Set<String> routes() {
        return Set.copyOf(NEEDS.keySet());
    }

    /** Returns whether everybody may use a route. */
    static boolean isOpen(Router.Route route) {
        var need = NEEDS.get(key(route));
        return need != null
                && route.template().indexOf('{') < 0
                && need.apply(Map.of()).equals(Need.OPEN);
    }

    /**
     * Returns what a request needs.
     *
     * @throws io.seawall.wal.RequestException with code INVALID if the path names no log or topic
     */
    static Need of(Router.Match match) {
        var need = NEEDS.get(key(match.route()));
        return need == null ? Need.ofAll(Action.ADMIN) : need.apply(match.parameters());
    }

    private static String key(Router.Route route) {
        var method = route.method().equals(HEAD) ? "GET" : route.method();
        return method + " " + route.template();
    }
}
