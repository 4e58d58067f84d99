package io.seawall.node.cluster;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.seawall.coordinator.member.ClusterView;
import io.seawall.coordinator.meta.Assignment;
import io.seawall.coordinator.meta.Assignment.Phase;
import io.seawall.coordinator.meta.Assignment.Releasing;
import io.seawall.coordinator.meta.Reason;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.wal.PChannel;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The meters of the cluster, as this node sees it. */
public final class ClusterMetrics implements Consumer<ClusterView> {
    private static final List<String> ROLES = List.of("follower", "fencing", "announcing", "leading", "writing");

    private final Map<Reason, Counter> moves = new EnumMap<>(Reason.class);
    /** The term of the last move of each log; used by the cluster's thread only. */
    private final Map<PChannel, Long> moved = new HashMap<>();

    private ClusterMetrics(MeterRegistry registry) {
        for (var reason : Reason.values()) {
            if (reason.isMove()) {
                moves.put(
                        reason,
                        Counter.builder("seawall.cluster.moves")
                                .description("moves of logs with a healthy owner that this node has seen begin")
                                .tag("reason", lower(reason))
                                .register(registry));
            }
        }
    }

    /**
     * Adds the meters.
     *
     * @param metrics the registry
     * @param now returns the present view
     * @return counts moves; to be added to the cluster as a listener
     */
    public static ClusterMetrics bind(NodeMetrics metrics, Supplier<ClusterView> now) {
        var registry = metrics.registry();
        var roles = MultiGauge.builder("seawall.cluster.role")
                .description("1 for the role that this node has, 0 for the others")
                .register(registry);
        var members = MultiGauge.builder("seawall.cluster.members")
                .description("the members of Kafka's group, on the node that coordinates only")
                .register(registry);
        var assignments = MultiGauge.builder("seawall.cluster.assignments")
                .description("logs of the cluster by phase")
                .register(registry);
        metrics.beforeScrape(() -> {
            var view = now.get();
            roles.register(roleRows(view.role()), true);
            members.register(
                    view.members()
                            .<List<MultiGauge.Row<?>>>map(all -> List.of(MultiGauge.Row.of(Tags.empty(), all.size())))
                            .orElse(List.of()),
                    true);
            assignments.register(phaseRows(view.state().assignments()), true);
        });
        return new ClusterMetrics(registry);
    }

    private static List<MultiGauge.Row<?>> roleRows(String role) {
        var rows = new ArrayList<MultiGauge.Row<?>>();
        ROLES.forEach(each -> rows.add(MultiGauge.Row.of(Tags.of("role", each), each.equals(role) ? 1 : 0)));
        return rows;
    }

    private static List<MultiGauge.Row<?>> phaseRows(List<Assignment> assignments) {
        var counts = new EnumMap<Phase, Integer>(Phase.class);
        assignments.forEach(assignment -> counts.merge(assignment.phase(), 1, Integer::sum));
        var rows = new ArrayList<MultiGauge.Row<?>>();
        for (var phase : Phase.values()) {
            rows.add(MultiGauge.Row.of(Tags.of("phase", lower(phase)), counts.getOrDefault(phase, 0)));
        }
        return rows;
    }

    /** Counts moves that have begun. What was under way before this process had read everything is not counted. */
    @Override
    public void accept(ClusterView view) {
        for (var assignment : view.state().assignments()) {
            if (assignment instanceof Releasing releasing) {
                var before = moved.put(releasing.pchannel(), releasing.term());
                var counter = moves.get(releasing.note().reason());
                if (view.current() && counter != null && (before == null || before != releasing.term())) {
                    counter.increment();
                }
            }
        }
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
