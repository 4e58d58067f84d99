package io.seawall.node.http.cluster;

import io.seawall.coordinator.member.Cluster;
import io.seawall.coordinator.member.ClusterView;
import io.seawall.node.http.exchange.Exchange;
import io.seawall.node.http.exchange.HttpRefusal;
import io.seawall.wal.ErrorCode;
import java.util.Map;
import java.util.Optional;

/** The cluster that this node is a member of, if it is, and the way to its coordinator. Thread-safe. */
public final class ClusterAccess {
    private final Optional<Cluster> cluster;
    private final ClusterFeed feed = new ClusterFeed();

    /**
     * Creates the access, and begins to follow the cluster.
     *
     * @param cluster the cluster; empty if this node is in none
     */
    public ClusterAccess(Optional<Cluster> cluster) {
        this.cluster = cluster;
        cluster.ifPresent(joined -> {
            feed.onView(joined.view()); // before this node has joined, no listener is called
            joined.addListener(feed::onView);
        });
    }

    /**
     * Returns the cluster.
     *
     * @throws io.seawall.wal.RequestException with code INVALID if this node is in none
     */
    Cluster required(Exchange exchange) {
        return cluster.orElseThrow(() -> exchange.problem(ErrorCode.INVALID)
                .found("mode=manual, which has no cluster")
                .expected("a node with mode=cluster")
                .exception());
    }

    /** Returns the cluster's changes. */
    ClusterFeed feed() {
        return feed;
    }

    /**
     * Redirects a request to the coordinator if that is another node, with 307.
     *
     * @throws HttpRefusal if another node coordinates
     * @throws io.seawall.wal.RetryableException with code UNAVAILABLE if this node knows of no coordinator
     */
    static void onlyCoordinator(Exchange exchange, ClusterView view) {
        redirectIfElsewhere(exchange, view);
        if (!view.leading()) {
            Coordinating.of(view).filter(elsewhere -> isHere(elsewhere, view)).ifPresent(elsewhere -> {
                throw exchange.problem(ErrorCode.UNAVAILABLE)
                        .found("that " + elsewhere.node() + " coordinates, which announces the URL of this node, "
                                + elsewhere.url())
                        .expected("a URL of its own for each node")
                        .fix("set http.advertised.url of each node to one that leads to it and to no other node")
                        .exception();
            });
            throw exchange.problem(ErrorCode.UNAVAILABLE)
                    .found("no coordinator that " + view.self().node() + " knows of")
                    .expected("a coordinator, which the nodes elect within seconds")
                    .fix("try again")
                    .exception();
        }
    }

    /**
     * Redirects a request to the coordinator if another node is known to coordinate, with 307.
     *
     * @throws HttpRefusal if another node coordinates
     */
    static void redirectIfElsewhere(Exchange exchange, ClusterView view) {
        var coordinating = Coordinating.of(view);
        if (!view.leading()
                && coordinating.isPresent()
                && !coordinating.get().url().isEmpty()
                && !isHere(coordinating.get(), view)) {
            var problem = exchange.problem(ErrorCode.UNAVAILABLE)
                    .found(view.self().node() + ", which does not coordinate")
                    .expected(coordinating.get().node() + ", which does");
            var location = coordinating.get().url() + exchange.pathAndQuery();
            throw new HttpRefusal(307, problem, Map.of("Location", location));
        }
    }

    /** Returns whether the coordinator announces this node's own URL: redirected to it, a client would come back for ever. */
    private static boolean isHere(Coordinating coordinating, ClusterView view) {
        return view.state()
                .node(view.self())
                .filter(node -> node.url().equals(coordinating.url()))
                .isPresent();
    }
}
