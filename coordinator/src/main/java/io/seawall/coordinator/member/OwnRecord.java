package io.seawall.coordinator.member;

import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.coordinator.meta.MetaRecord.Node;
import io.seawall.coordinator.meta.MetaState;
import java.time.Instant;
import java.util.Optional;

/**
 * The record with which this process announces itself, and when it is written (again): at the start, when the process leaves, when
 * it finds itself suspected, and when the record was deleted or replaced (docs/coordinator.md#members). Not thread-safe.
 */
final class OwnRecord {
    /** For so long a record that was written may be missing in what is read. Several heartbeats of the group. */
    private static final long SETTLE_MS = 1_000;

    private static final long LEAST_PAUSE_MS = 100;
    private static final long MOST_PAUSE_MS = 2_000;

    private final Owner self;
    private final String url;
    private final String peerUrl;
    private final String grpc;
    private final long patienceMs;
    private long beat;
    private boolean leaving;
    private boolean written;
    private long writtenMs;
    private long sameSinceMs = Long.MIN_VALUE;
    private String why = "this process has started";
    private long attempt;
    private boolean inFlight;
    private long nextMs = Long.MIN_VALUE;
    private long pauseMs = LEAST_PAUSE_MS;

    OwnRecord(Owner self, String url, String peerUrl, String grpc, long patienceMs) {
        this.self = self;
        this.url = url;
        this.peerUrl = peerUrl;
        this.grpc = grpc;
        this.patienceMs = patienceMs;
    }

    /** The process is about to end. */
    void leave() {
        if (!leaving) {
            leaving = true;
            rewrite("this process is about to end");
        }
    }

    private void rewrite(String reason) {
        written = false;
        inFlight = false;
        nextMs = Long.MIN_VALUE;
        why = reason;
    }

    /**
     * Returns the record if it has to be written now. An answer is expected then.
     *
     * @param state the state as far as it was read, which includes all that was written before the start
     * @param member whether the group has this process as a member
     */
    Optional<Node> due(MetaState state, boolean member, long nowMs, Instant wall) {
        check(state, member, nowMs);
        if (written || nowMs < nextMs) {
            return Optional.empty();
        }
        attempt++;
        inFlight = true;
        nextMs = nowMs + patienceMs;
        return Optional.of(new Node(self.node(), self.incarnation(), beat, url, peerUrl, grpc, leaving, wall));
    }

    private void check(MetaState state, boolean member, long nowMs) {
        var suspicion = state.suspicion(self.node());
        if (suspicion.isPresent()
                && suspicion.get().incarnation().equals(self.incarnation())
                && suspicion.get().beat() >= beat) {
            beat = suspicion.get().beat() + 1;
            rewrite("this process was taken for dead by " + suspicion.get().by());
        }
        var read = state.node(self.node());
        // A process that the group does not have may have been replaced: it leaves the other one's record alone.
        var replaced = read.filter(this::isOther).isPresent();
        if (!written || read.filter(this::isCurrent).isPresent() || (replaced && !member)) {
            sameSinceMs = nowMs;
        } else if (nowMs - Math.max(sameSinceMs, writtenMs) >= SETTLE_MS) {
            rewrite(replaced ? "another process of this node announced itself" : "the record was deleted");
        }
    }

    private boolean isOther(Node read) {
        return !read.incarnation().equals(self.incarnation());
    }

    private boolean isCurrent(Node read) {
        return !isOther(read) && read.beat() == beat && read.leaving() == leaving;
    }

    /** Returns why the record is written now, for people. */
    String why() {
        return why;
    }

    /** Returns the number of the last attempt; an answer names it, so that a late one does nothing. */
    long attempt() {
        return attempt;
    }

    /** Kafka has acknowledged the record. */
    void onWritten(long number, long nowMs) {
        if (number == attempt && inFlight) {
            inFlight = false;
            written = true;
            writtenMs = nowMs;
            sameSinceMs = nowMs;
            pauseMs = LEAST_PAUSE_MS;
        }
    }

    /** The record may not have been written: it is written again after a pause. */
    void onFailed(long number, long nowMs) {
        if (number == attempt && inFlight) {
            inFlight = false;
            nextMs = nowMs + pauseMs;
            pauseMs = Math.min(MOST_PAUSE_MS, 2 * pauseMs);
        }
    }
}
