package io.seawall.coordinator;

import io.seawall.coordinator.Explanation.Transition;
import io.seawall.coordinator.meta.Assignment;
import io.seawall.coordinator.meta.Assignment.Phase;
import io.seawall.coordinator.meta.Assignment.Releasing;
import io.seawall.coordinator.meta.MetaRecord;
import io.seawall.coordinator.meta.MetaRecord.Status;
import io.seawall.coordinator.meta.News;
import io.seawall.wal.PChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The last changes of each log, as one node has read them. For people: no decision reads it, since a node that starts behind a
 * compaction sees fewer of them.
 */
final class History {
    /** How many changes of a log are kept. */
    static final int KEPT = 20;

    static final History NONE = new History(Map.of());

    private final Map<PChannel, List<Transition>> byLog;

    private History(Map<PChannel, List<Transition>> byLog) {
        this.byLog = byLog;
    }

    History after(List<News> news) {
        var next = new HashMap<>(byLog);
        for (var each : news) {
            if (each instanceof News.Written written) {
                apply(written.value(), next);
            }
        }
        return new History(next);
    }

    private static void apply(MetaRecord value, Map<PChannel, List<Transition>> next) {
        if (value instanceof Assignment assignment) {
            if (assignment.phase() == Phase.RETIRED) {
                next.remove(assignment.pchannel());
            } else {
                next.merge(assignment.pchannel(), List.of(of(assignment)), History::appended);
            }
        } else if (value instanceof Status status) {
            next.merge(status.pchannel(), List.of(of(status)), History::appended);
        }
    }

    private static Transition of(Assignment assignment) {
        var note = assignment.note();
        var target =
                assignment instanceof Releasing releasing && !releasing.target().isEmpty()
                        ? ", for " + releasing.target()
                        : "";
        return new Transition(
                note.since(),
                text(assignment.phase()),
                assignment.home(),
                assignment.term(),
                text(note.reason()) + ": " + note.text() + target,
                Optional.empty());
    }

    private static Transition of(Status status) {
        var rival = status.rival().isEmpty() ? "" : " by " + status.rival();
        return new Transition(
                status.at(),
                text(status.condition()),
                status.incarnation(),
                status.term(),
                status.code() + rival + (status.message().isEmpty() ? "" : ": " + status.message()),
                Optional.empty());
    }

    private static String text(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static List<Transition> appended(List<Transition> known, List<Transition> news) {
        var transition = news.get(0);
        var more = new ArrayList<>(known.subList(Math.max(0, known.size() + 1 - KEPT), known.size()));
        if (!more.isEmpty()) {
            more.set(more.size() - 1, ended(more.get(more.size() - 1), transition));
        }
        more.add(transition);
        return List.copyOf(more);
    }

    private static Transition ended(Transition transition, Transition next) {
        var lasted = Duration.between(transition.at(), next.at());
        return new Transition(
                transition.at(),
                transition.what(),
                transition.node(),
                transition.term(),
                transition.text(),
                Optional.of(lasted.isNegative() ? Duration.ZERO : lasted));
    }

    /** Returns the changes of a log, oldest first. */
    List<Transition> of(PChannel pchannel) {
        return byLog.getOrDefault(pchannel, List.of());
    }
}
