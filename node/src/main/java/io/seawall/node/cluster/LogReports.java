package io.seawall.node.cluster;

import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.coordinator.meta.MetaRecord.Condition;
import io.seawall.coordinator.meta.MetaRecord.Status;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the reports of a process about its logs. */
final class LogReports {
    /** Errors that name a term which the log has met, and who holds it. */
    private static final Set<ErrorCode> OF_RIVALS = Set.of(ErrorCode.FENCED, ErrorCode.TERM_EXPIRED);

    private static final String TERM = "term";

    private final Owner self;
    private final InstantSource clock;

    /**
     * Creates a maker of reports.
     *
     * @param self this process
     * @param clock the time of day that reports show to people
     */
    LogReports(Owner self, InstantSource clock) {
        this.self = self;
        this.clock = clock;
    }

    /**
     * Returns a report.
     *
     * @param term the term that it is about
     * @param condition what became of it
     * @param servedMs how long it was open, if it has ended
     * @param cause why it failed, or null
     */
    Status of(PChannel pchannel, long term, Condition condition, long servedMs, @Nullable WalException cause) {
        var seenTerm = cause == null ? -1 : seenTerm(cause);
        return new Status(
                pchannel,
                self.incarnation(),
                term,
                condition,
                cause == null ? "" : cause.code().name(),
                cause == null ? "" : String.valueOf(cause.getMessage()),
                seenTerm,
                cause == null || seenTerm < 0
                        ? ""
                        : String.valueOf(cause.problem().found()),
                servedMs,
                clock.instant());
    }

    /** Returns the term that fenced this one or is in its place; -1 if the error knows none. */
    private static long seenTerm(WalException cause) {
        return OF_RIVALS.contains(cause.code()) ? cause.problem().numbers().getOrDefault(TERM, -1L) : -1;
    }
}
