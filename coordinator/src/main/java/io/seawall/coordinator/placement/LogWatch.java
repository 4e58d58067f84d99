package io.seawall.coordinator.placement;

import io.seawall.coordinator.meta.Assignment.Phase;
import io.seawall.coordinator.meta.MetaRecord.Condition;
import java.util.Optional;

/**
 * What one process has seen of a log.
 *
 * @param step the assignment's phase and term; empty if it has none
 * @param stepMs since when that was seen
 * @param report what the owner reports; empty if it reports nothing
 * @param reportMs since when that was seen
 */
record LogWatch(Optional<Step> step, long stepMs, Optional<Report> report, long reportMs) {
    record Step(Phase phase, long term) {}

    record Report(long term, Condition condition) {}

    static LogWatch first(Optional<Step> step, Optional<Report> report, long nowMs) {
        return new LogWatch(step, nowMs, report, nowMs);
    }

    LogWatch after(Optional<Step> nextStep, Optional<Report> nextReport, long nowMs) {
        return new LogWatch(
                nextStep,
                nextStep.equals(step) ? stepMs : nowMs,
                nextReport,
                nextReport.equals(report) ? reportMs : nowMs);
    }
}
