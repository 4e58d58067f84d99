package io.seawall.node.cluster;

import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.coordinator.meta.Assignment.Quarantined;
import io.seawall.coordinator.meta.MetaRecord.Node;
import io.seawall.coordinator.meta.MetaState;
import io.seawall.node.ports.PChannelStatus.Ownership;
import io.seawall.node.ports.PChannelStatus.Placement;
import io.seawall.wal.PChannel;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who owns a log, and where it is meant to be, as the cluster's state says. */
public final class LogPlaces {
    private LogPlaces() {}

    /** Returns the owner of a log and its term; {@link Ownership#NONE} if it never had one. */
    public static Ownership ownership(MetaState state, PChannel pchannel) {
        return state.assignment(pchannel)
                .map(assignment -> assignment
                        .process()
                        .map(owner -> new Ownership(
                                assignment.term(), -1, owner.node(), url(state, owner), grpc(state, owner)))
                        .orElse(new Ownership(assignment.term(), -1, null, null)))
                .orElse(Ownership.NONE);
    }

    /** Returns the phase of a log and why it is in it; empty if the cluster does not know the log. */
    public static Optional<Placement> placement(MetaState state, PChannel pchannel) {
        return state.assignment(pchannel)
                .map(assignment -> new Placement(
                        assignment.phase().name().toLowerCase(Locale.ROOT),
                        assignment.note().text(),
                        assignment instanceof Quarantined quarantined ? quarantined.code() : null));
    }

    /** Returns where a process serves; null if its node has another process by now, which does not own the log. */
    private static @Nullable String url(MetaState state, Owner owner) {
        return state.node(owner).map(Node::url).filter(url -> !url.isEmpty()).orElse(null);
    }

    private static @Nullable String grpc(MetaState state, Owner owner) {
        return state.node(owner).map(Node::grpc).filter(grpc -> !grpc.isEmpty()).orElse(null);
    }
}
