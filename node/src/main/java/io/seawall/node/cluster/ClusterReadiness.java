package io.seawall.node.cluster;

import io.seawall.coordinator.member.ClusterView;
import io.seawall.coordinator.meta.Assignment.Owned;
import io.seawall.coordinator.meta.Assignment.Phase;
import io.seawall.coordinator.meta.MetaRecord;
import io.seawall.node.ports.PChannelState;
import io.seawall.node.ports.PChannelStatus;
import io.seawall.node.ports.Readiness;
import io.seawall.wal.PChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether a node of a cluster can do its work. It is ready once it is a member, knows a coordinator, and its logs are open that it
 * had before its start. From then on neither the group, which it can serve without for a while, nor a single log makes it
 * unready: other nodes are no better off, and clients are redirected (decision 73). Thread-safe; nothing blocks.
 */
public final class ClusterReadiness implements Readiness, Consumer<ClusterView> {
    private static final int MOST_NAMES = 10;

    private final Supplier<List<Check>> kafka;
    private final Supplier<ClusterView> now;
    private final Supplier<List<PChannelStatus>> local;
    private volatile boolean joined; // set by the cluster's thread, never reset
    private volatile boolean settled; // set by any thread that reads the checks, never reset

    /**
     * Creates the checks. To be added to the cluster as a listener.
     *
     * @param kafka whether Kafka answers
     * @param now returns the present view
     * @param local the logs that this node has an expectation for
     */
    public ClusterReadiness(
            Supplier<List<Check>> kafka, Supplier<ClusterView> now, Supplier<List<PChannelStatus>> local) {
        this.kafka = kafka;
        this.now = now;
        this.local = local;
    }

    @Override
    public void accept(ClusterView view) {
        if (missing(view).isEmpty()) {
            joined = true;
        }
    }

    /** Returns what a member lacks; empty if nothing. */
    private static String missing(ClusterView view) {
        if (!view.current()) {
            return "has not read the whole meta topic yet";
        }
        if (view.memberId().isEmpty()) {
            return "is no member of Kafka's group";
        }
        return view.state().coordinator().isEmpty() ? "knows no coordinator" : "";
    }

    @Override
    public List<Check> checks() {
        var view = now.get();
        return Stream.concat(kafka.get().stream(), Stream.of(cluster(view), logs(view)))
                .toList();
    }

    private Check cluster(ClusterView view) {
        var missing = missing(view);
        if (missing.isEmpty()) {
            var coordinator =
                    view.state().coordinator().map(MetaRecord.Coordinator::node).orElse("");
            return new Check("cluster", true, "is a member, " + coordinator + " coordinates");
        }
        return new Check("cluster", joined, missing + (joined ? "; goes on serving what it has" : ""));
    }

    private Check logs(ClusterView view) {
        var here = local.get();
        var odd = here.stream()
                .filter(status -> status.state() == PChannelState.OPENING || status.cause() != null)
                .map(PChannelStatus::pchannel)
                .toList();
        if (!settled) {
            var awaited = awaited(view, here);
            if (!joined || !awaited.isEmpty()) {
                return new Check("pchannels", false, "not open yet: " + names(awaited));
            }
            settled = true;
        }
        var parts = new ArrayList<String>();
        parts.add(here.stream()
                        .filter(status -> status.state() == PChannelState.AVAILABLE)
                        .count() + " open");
        if (!odd.isEmpty()) {
            parts.add("not as expected: " + names(odd));
        }
        var quarantined = view.state().assignments().stream()
                .filter(assignment -> assignment.phase() == Phase.QUARANTINED)
                .map(assignment -> assignment.pchannel())
                .toList();
        if (!quarantined.isEmpty()) {
            parts.add("in quarantine: " + names(quarantined));
        }
        return new Check("pchannels", true, String.join("; ", parts));
    }

    /** Returns the logs that this node is to have and does not have yet. One that cannot be opened is not waited for. */
    private static List<PChannel> awaited(ClusterView view, List<PChannelStatus> here) {
        var tried = here.stream()
                .filter(status -> status.state() == PChannelState.AVAILABLE || status.cause() != null)
                .map(PChannelStatus::pchannel)
                .collect(Collectors.toSet());
        return view.state().assignments().stream()
                .filter(assignment -> assignment instanceof Owned owned
                        && owned.owner().node().equals(view.self().node())
                        && !tried.contains(owned.pchannel()))
                .map(assignment -> assignment.pchannel())
                .toList();
    }

    private static String names(List<PChannel> pchannels) {
        var names = pchannels.stream()
                .sorted()
                .limit(MOST_NAMES)
                .map(PChannel::toString)
                .collect(Collectors.joining(", "));
        return pchannels.size() > MOST_NAMES ? names + " and " + (pchannels.size() - MOST_NAMES) + " more" : names;
    }
}
