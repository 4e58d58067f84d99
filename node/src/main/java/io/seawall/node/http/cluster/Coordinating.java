package io.seawall.node.http.cluster;

import io.seawall.coordinator.member.ClusterView;
import io.seawall.coordinator.meta.Assignment.Owner;
import java.time.Instant;
import java.util.Optional;

/**
 * The coordinator, as a node knows it.
 *
 * @param node its node
 * @param url where it serves; empty if it did not say
 * @param nonce differs each time that a coordinator begins
 * @param decision the number of its last decision
 * @param decidedAt when it wrote that, by its clock
 */
record Coordinating(String node, String url, String nonce, long decision, Instant decidedAt) {
    /**
     * Returns the coordinator. There is none that is known if the last one's process is not the one that its node announced last,
     * if that process was reported dead, or if it is this node and this node does not coordinate any more.
     */
    static Optional<Coordinating> of(ClusterView view) {
        var state = view.state();
        return state.coordinator().flatMap(last -> {
            var process = state.node(new Owner(last.node(), last.incarnation()))
                    .filter(announced -> state.suspicion(last.node()).isEmpty());
            var here = last.node().equals(view.self().node());
            return here && !view.leading()
                    ? Optional.empty()
                    : process.map(announced ->
                            new Coordinating(last.node(), announced.url(), last.nonce(), last.decision(), last.at()));
        });
    }
}
