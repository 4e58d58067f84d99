package io.seawall.coordinator.member;

import io.seawall.coordinator.meta.Assignment;
import io.seawall.coordinator.meta.Assignment.Phase;
import io.seawall.coordinator.meta.MetaRecord.Status;
import io.seawall.coordinator.meta.MetaState;
import io.seawall.wal.PChannel;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The last report of each log, and which of them have to be written. Of one log one report is under way at a time, so that they
 * arrive in order; a report that fails is repeated. What was acknowledged is compared with what is read, because a request that
 * was given up on may be late and replace a newer report. Not thread-safe.
 */
final class Reports {
    private static final long LEAST_PAUSE_MS = 100;
    private static final long MOST_PAUSE_MS = 2_000;
    private static final long COMPARE_EVERY_MS = 2_000;

    private final int most;
    private final long patienceMs;
    private final Map<PChannel, Entry> entries = new TreeMap<>();
    private final Set<PChannel> unsent = new LinkedHashSet<>();
    private final Map<PChannel, Sent> inFlight = new TreeMap<>();
    private long sent;
    private long nextMs = Long.MIN_VALUE;
    private long pauseMs = LEAST_PAUSE_MS;
    private long comparedMs = Long.MIN_VALUE;

    /** The last report of a log, and when it was last acknowledged or came. */
    private record Entry(Status status, long changedMs) {}

    /**
     * A report that is to be written now.
     *
     * @param number names the attempt
     * @param deadlineMs when it counts as failed
     */
    record Sent(long number, Status status, long deadlineMs) {}

    Reports(int most, long patienceMs) {
        this.most = most;
        this.patienceMs = patienceMs;
    }

    /** Returns the report that counts: that of the higher term, and of two about one term the later one. */
    static Status newer(Status known, Status next) {
        return next.term() >= known.term() ? next : known;
    }

    /** A log's condition has changed. */
    void onReport(Status status, long nowMs) {
        var known = entries.get(status.pchannel());
        if (known == null || status.term() >= known.status().term()) {
            entries.put(status.pchannel(), new Entry(status, nowMs));
            unsent.add(status.pchannel());
        }
    }

    /** Returns the reports to write now; an answer is expected for each. */
    List<Sent> due(long nowMs) {
        expire(nowMs);
        var due = new ArrayList<Sent>();
        if (nowMs < nextMs) {
            return due;
        }
        for (var each = unsent.iterator(); each.hasNext() && inFlight.size() < most; ) {
            var pchannel = each.next();
            var entry = entries.get(pchannel);
            if (entry == null) {
                each.remove();
            } else if (!inFlight.containsKey(pchannel)) {
                each.remove();
                sent++;
                var next = new Sent(sent, entry.status(), nowMs + patienceMs);
                inFlight.put(pchannel, next);
                due.add(next);
            }
        }
        return due;
    }

    private void expire(long nowMs) {
        var late = inFlight.values().stream()
                .filter(each -> nowMs >= each.deadlineMs())
                .toList();
        late.forEach(each -> onFailed(each, nowMs));
    }

    /** Kafka has acknowledged a report. */
    void onWritten(Sent report, long nowMs) {
        if (end(report)) {
            pauseMs = LEAST_PAUSE_MS;
            entries.computeIfPresent(report.status().pchannel(), (pchannel, entry) -> new Entry(entry.status(), nowMs));
        }
    }

    /** A report may not have been written. */
    void onFailed(Sent report, long nowMs) {
        if (end(report)) {
            unsent.add(report.status().pchannel());
            if (nowMs >= nextMs) {
                nextMs = nowMs + pauseMs;
                pauseMs = Math.min(MOST_PAUSE_MS, 2 * pauseMs);
            }
        }
    }

    private boolean end(Sent report) {
        return inFlight.remove(report.status().pchannel(), report);
    }

    /**
     * Writes again what was acknowledged and is not what was read; forgets the logs that are gone. Those are the ones that were
     * retired: a topic that was made again knows no log at first, and learns from reports which terms there were.
     */
    void compare(MetaState state, long nowMs) {
        if (nowMs - comparedMs < COMPARE_EVERY_MS && comparedMs != Long.MIN_VALUE) {
            return;
        }
        comparedMs = nowMs;
        entries.entrySet()
                .removeIf(entry -> isSettled(entry.getKey(), entry.getValue(), nowMs)
                        && state.assignment(entry.getKey())
                                .filter(known -> known.phase() == Phase.RETIRED)
                                .isPresent());
        for (var entry : entries.values()) {
            var mine = entry.status();
            if (isSettled(mine.pchannel(), entry, nowMs) && isLost(mine, state)) {
                unsent.add(mine.pchannel());
            }
        }
    }

    /**
     * Returns whether another report was read, or none although this one counts: Kafka may lose the end of the topic, or all of
     * it. Without its report an owner would seem not to react. Reports that do not count are deleted by the coordinator.
     */
    private static boolean isLost(Status mine, MetaState state) {
        var read = state.status(mine.pchannel(), mine.incarnation());
        if (read.isPresent()) {
            return read.get().term() != mine.term() || read.get().condition() != mine.condition();
        }
        var assignment = state.assignment(mine.pchannel());
        var owns = assignment
                .flatMap(Assignment::process)
                .filter(owner -> owner.incarnation().equals(mine.incarnation()))
                .isPresent();
        return owns || mine.highestTerm() > assignment.map(Assignment::term).orElse(-1L);
    }

    private boolean isSettled(PChannel pchannel, Entry entry, long nowMs) {
        return !unsent.contains(pchannel)
                && !inFlight.containsKey(pchannel)
                && nowMs - entry.changedMs() >= COMPARE_EVERY_MS;
    }
}
