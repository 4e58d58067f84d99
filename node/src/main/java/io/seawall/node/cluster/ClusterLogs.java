package io.seawall.node.cluster;

import io.seawall.coordinator.member.ClusterView;
import io.seawall.coordinator.meta.Assignment;
import io.seawall.coordinator.meta.Assignment.Note;
import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.coordinator.meta.Assignment.Releasing;
import io.seawall.coordinator.meta.MetaRecord.Condition;
import io.seawall.coordinator.meta.MetaRecord.Status;
import io.seawall.lifetime.LifetimeListener;
import io.seawall.lifetime.LifetimeStatus;
import io.seawall.lifetime.WalManager;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Opens and closes this node's logs as the assignments say, and reports what becomes of them: {@code opening} as soon as an
 * assignment was read, {@code available}, {@code failed} whether the opening failed or the log ended by itself, and {@code
 * released} after a close that was asked for. A log is open exactly while its assignment is {@code owned} and names this process.
 *
 * <p>Nothing else closes a log: while Kafka's group or the coordinator is away, there is no news. A log that closes because the
 * whole node does is not reported, because then the process leaves.
 *
 * <p>Thread-safe. News comes on the cluster's thread, ends of logs on those of the lifetime.
 */
public final class ClusterLogs implements Consumer<ClusterView>, LifetimeListener {
    private final Owner self;
    private final WalManager lifetimes;
    private final Consumer<Status> reporter;
    private final LogReports reports;
    private final LongSupplier nanoTime;
    private final Map<PChannel, LogDuty> duties = new HashMap<>(); // guarded by this; at most one for each assignment
    private final Map<PChannel, String> homes = new HashMap<>(); // guarded by this; the nodes that had the logs before

    /**
     * Creates an instance without logs. To be added to the lifetimes and to the cluster as a listener, in this order.
     *
     * @param self this process
     * @param lifetimes opens and closes logs
     * @param reporter takes reports; must not block. It is called under the lock, so that reports of a log keep their order
     * @param clock the time of day that reports show
     * @param nanoTime a monotonic clock in nanoseconds, for durations
     */
    public ClusterLogs(
            Owner self, WalManager lifetimes, Consumer<Status> reporter, InstantSource clock, LongSupplier nanoTime) {
        this.self = self;
        this.lifetimes = lifetimes;
        this.reporter = reporter;
        this.reports = new LogReports(self, clock);
        this.nanoTime = nanoTime;
    }

    /** Compares the assignments with what was done so far. Before this process has read all that was written, it does nothing. */
    @Override
    public synchronized void accept(ClusterView view) {
        if (!view.current()) {
            return;
        }
        for (var assignment : view.state().assignments()) {
            follow(assignment);
        }
    }

    private void follow(Assignment assignment) {
        var pchannel = assignment.pchannel();
        var step = duties.getOrDefault(pchannel, LogDuty.NONE).onAssignment(assignment, self);
        switch (step.order()) {
            case NOTHING -> {}
            case OPEN -> {
                duties.put(pchannel, step.next());
                open(pchannel, step.next().term(), whyOpened(assignment));
            }
            case CLOSE -> {
                duties.put(pchannel, step.next());
                close(pchannel, step.next().term(), whyClosed(assignment));
            }
        }
        homes.put(pchannel, assignment.home());
    }

    private String whyOpened(Assignment assignment) {
        var before = homes.getOrDefault(assignment.pchannel(), "");
        var why = words(assignment.note());
        return before.isEmpty() || before.equals(self.node()) ? why : "taken over from " + before + ": " + why;
    }

    private static String whyClosed(Assignment assignment) {
        var to = assignment instanceof Releasing releasing ? releasing.target() : assignment.home();
        var why = words(assignment.note());
        return to.isEmpty() ? why : "goes to " + to + ": " + why;
    }

    /** Returns what the coordinator saw, or its reason if it said no more. */
    private static String words(Note note) {
        return note.text().isEmpty()
                ? note.reason().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                : note.text();
    }

    private void open(PChannel pchannel, long term, String why) {
        // A failed opening is logged and reported where the lifetime tells of it.
        var refused = lifetimes
                .open(pchannel, term, why)
                .handle((opened, error) -> error != null && isShuttingDown(error))
                .getNow(false);
        if (!refused) {
            report(pchannel, term, Condition.OPENING, null);
        }
    }

    private static boolean isShuttingDown(Throwable error) {
        return FutureErrors.unwrapped(error) instanceof WalException refusal
                && refusal.code() == ErrorCode.SHUTTING_DOWN;
    }

    private void close(PChannel pchannel, long term, String why) {
        var unused = lifetimes.remove(pchannel, term, why).whenComplete((closed, error) -> {
            // An error means that the node ends, or that a later assignment came meanwhile: neither is a release.
            if (error == null) {
                report(pchannel, term, Condition.RELEASED, null);
            }
        });
    }

    @Override
    public synchronized void onCurrentChanged(LifetimeStatus status) {
        var current = status.current();
        var cause = status.cause();
        if (current.available()) {
            report(status.pchannel(), current.term(), Condition.AVAILABLE, null);
        } else if (cause != null) {
            report(status.pchannel(), current.term(), Condition.FAILED, cause);
        }
    }

    private synchronized void report(PChannel pchannel, long term, Condition condition, @Nullable WalException cause) {
        var duty = duties.getOrDefault(pchannel, LogDuty.NONE);
        if (!duty.isNews(term, condition)) {
            return;
        }
        var nowNanos = nanoTime.getAsLong();
        var ends = condition == Condition.RELEASED || condition == Condition.FAILED;
        var servedMs = ends ? duty.servedMs(term, nowNanos) : 0;
        duties.put(pchannel, duty.reported(term, condition, nowNanos));
        reporter.accept(reports.of(pchannel, term, condition, servedMs, cause));
    }
}
