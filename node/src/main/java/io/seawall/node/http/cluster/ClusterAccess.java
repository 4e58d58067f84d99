package io.seawall.node.http.cluster;

import io.seawall.coordinator.member.Cluster;
import io.seawall.node.http.exchange.Exchange;
import io.seawall.wal.ErrorCode;
import java.util.Optional;

/** The cluster that this node is a member of, if it is. */
public final class ClusterAccess {
    private final Optional<Cluster> cluster;

    public ClusterAccess(Optional<Cluster> cluster) {
        this.cluster = cluster;
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
}
