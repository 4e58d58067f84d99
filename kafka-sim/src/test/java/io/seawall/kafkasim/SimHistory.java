package io.seawall.kafkasim;

import io.seawall.wal.Appended;
import io.seawall.wal.Effect;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.WalException;
import io.seawall.wal.WalRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Records every append of a run with its caller's result; checks P2, P4 and P5 against the true log. */
public final class SimHistory {
    private final TrueLog log;
    private final Violations violations;
    private final List<Append> appends = new ArrayList<>();
    private long ackedTail;
    private long unknown;
    private long repeated;
    private long mismatches;
    private long gaps;

    /** A batch as its caller sees it; a batch of a writer session may be sent more than once. */
    public static final class Append {
        private final int id;
        private final List<WalRecord> batch;
        private final long floor;
        private int attempts;
        private int answers;
        private boolean doubtful; // an attempt may have written it
        private boolean applied; // the log reports that it is written, but not where
        private @Nullable Appended acked;
        private @Nullable WalException failed;

        Append(int id, List<WalRecord> batch, long floor) {
            this.id = id;
            this.batch = batch;
            this.floor = floor;
        }

        public List<WalRecord> batch() {
            return batch;
        }

        public void attempt() {
            attempts++;
        }

        /** Returns whether a send has no answer yet. */
        public boolean isOpen() {
            return answers < attempts;
        }

        /** Returns whether the caller knows that it is in the log. */
        boolean isWritten() {
            return acked != null || applied;
        }

        /** Returns whether the caller knows that it is not and never will be in the log. */
        private boolean isUnwritten() {
            return !isWritten() && !doubtful && !isOpen();
        }

        /** Returns whether the caller was told that it is in the log. */
        public boolean isAcknowledged() {
            return acked != null;
        }

        /** Returns its name in traces. */
        public String name() {
            return "append " + id + " of " + batch.size();
        }

        @Override
        public String toString() {
            return name() + ", " + (acked != null ? acked : failed);
        }
    }

    /** An empty history of a log. */
    public SimHistory(TrueLog log, Violations violations) {
        this.log = log;
        this.violations = violations;
    }

    /** Begins an append; its records are unique. */
    public Append begin(int count, int padding) {
        var id = appends.size();
        var batch = new ArrayList<WalRecord>(count);
        for (var index = 0; index < count; index++) {
            var value = "a" + id + "." + index + " ".repeat(padding);
            batch.add(WalRecord.of(value.getBytes(StandardCharsets.UTF_8)));
        }
        var append = new Append(id, List.copyOf(batch), ackedTail);
        appends.add(append);
        return append;
    }

    /** Records that an append was acknowledged. */
    public void acknowledged(Append append, Appended at) {
        append.answers++;
        log.catchUp();
        var before = append.acked;
        violations.check(
                before == null || before.first() == at.first(),
                () -> "P4: " + append + " is now acknowledged as " + at);
        append.acked = at;
        violations.check(
                at.first() >= append.floor,
                () -> "P3: " + append + " was begun after LSN " + append.floor + " was acknowledged");
        violations.check(at.tail() - at.first() == append.batch.size(), () -> "P5: " + append);
        violations.check(isAt(append, at.first()), () -> "P2: " + append + " is not in the log");
        ackedTail = Math.max(ackedTail, at.tail());
        repeated += at.repeated() ? 1 : 0;
    }

    /** Records the failure of an append that belongs to no writer session. */
    public void failed(Append append, WalException error) {
        failed(append, error, false, null);
    }

    /**
     * Records a failure.
     *
     * @param owned whether it came from the rightful owner; another node knows no better
     * @param sending the answered send of a session's batch, or null
     */
    void failed(Append append, WalException error, boolean owned, Session.@Nullable Sending sending) {
        append.answers++;
        append.failed = error;
        log.catchUp();
        switch (error.effect()) {
            case UNKNOWN -> {
                append.doubtful = true;
                unknown++;
            }
            case APPLIED -> append.applied = true;
            case NONE ->
                violations.check(
                        !append.isUnwritten() || places(append).isEmpty(),
                        () -> "P4: " + append + " failed for certain and is in the log");
        }
        if (error.code() == ErrorCode.TAIL_MISMATCH) {
            mismatches++;
        }
        if (error.code() == ErrorCode.SEQUENCE_GAP && sending != null) {
            gaps++;
            var rightly = error.effect() == Effect.APPLIED ? sending.mayBeForgotten() : sending.mayBeAGap();
            violations.check(
                    rightly || !owned,
                    () -> "exactly once: " + append + ", " + sending.number()
                            + " of a session whose batches before it are written, fails with: " + error.getMessage());
        }
    }

    private boolean isAt(Append append, long lsn) {
        var live = log.live();
        for (var index = 0; index < append.batch.size(); index++) {
            var at = (int) lsn + index;
            if (at >= live.size() || !live.get(at).data().equals(append.batch.get(index))) {
                return false;
            }
        }
        return true;
    }

    private List<Integer> places(Append append) {
        var places = new ArrayList<Integer>();
        for (var at = 0; at < log.live().size(); at++) {
            if (log.live().get(at).data().equals(append.batch.get(0))) {
                places.add(at);
            }
        }
        return places;
    }

    /** Checks at the end that every batch is where it must be, once, and complete. */
    public void judge() {
        log.catchUp();
        var placesByRecord = new HashMap<String, List<Integer>>();
        for (var at = 0; at < log.live().size(); at++) {
            placesByRecord
                    .computeIfAbsent(key(log.live().get(at).data()), key -> new ArrayList<>())
                    .add(at);
        }
        for (var append : appends) {
            judge(append, placesByRecord);
        }
        var known = appends.stream().mapToInt(append -> append.batch.size()).sum();
        violations.check(log.live().size() <= known, () -> "P4: the log has records that nobody appended");
    }

    private void judge(Append append, Map<String, List<Integer>> placesByRecord) {
        var places = placesByRecord.getOrDefault(key(append.batch.get(0)), List.of());
        violations.check(places.size() <= 1, () -> "P4: " + append + " is in the log at " + places);
        for (var index = 0; index < append.batch.size(); index++) {
            var member = index;
            var found = placesByRecord.getOrDefault(key(append.batch.get(index)), List.of());
            violations.check(
                    found.size() == places.size() && (places.isEmpty() || found.get(0) == places.get(0) + member),
                    () -> "P5: " + append + " is torn: " + places + " and " + found);
        }
        var acked = append.acked;
        if (acked != null) {
            violations.check(
                    places.size() == 1 && places.get(0) == acked.first(),
                    () -> "P2: " + append + " is in the log at " + places);
        } else if (append.applied) {
            violations.check(places.size() == 1, () -> "P4: " + append + " is acknowledged and is not in the log");
        } else if (append.isUnwritten()) {
            violations.check(places.isEmpty(), () -> "P4: " + append + " failed for certain and is at " + places);
        }
    }

    private static String key(WalRecord record) {
        var value = record.value();
        return value == null ? "" : new String(value, StandardCharsets.UTF_8);
    }

    /** Returns the LSN after the last acknowledged record. */
    public long ackedTail() {
        return ackedTail;
    }

    long repeated() {
        return repeated;
    }

    /**
     * Returns how many batches of sessions failed because an earlier one was missing or their session was forgotten.
     */
    long gaps() {
        return gaps;
    }

    long mismatches() {
        return mismatches;
    }

    public long unknown() {
        return unknown;
    }

    public long acknowledged() {
        return appends.stream().filter(append -> append.acked != null).count();
    }
}
