package io.seawall.client.internal.write;

import io.seawall.api.v1.WalRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Appends that are sent together under one number. What the machine knows about a batch is in the package-private fields. */
final class Batch {
    private static final long NEVER_SENT = -1;

    private final List<PendingAppend> appends;
    private final long deadlineMs;
    private final int records;
    private final int messageBytes;

    /** The number under which it was sent last. */
    private long seq = NEVER_SENT;

    private int copies; // how often it was sent in its session

    /** Whether the call that is open has a copy without an answer. */
    private boolean inFlight;

    /**
     * Whether a copy with the number {@link #seq} was sent and will have no answer: the log may have it, or may get it later.
     */
    private boolean loose;

    /** Whether the log said, after the last loose copy was sent, that it does not have the batch. */
    private boolean absent;

    Batch(List<PendingAppend> appends, long deadlineMs) {
        this.appends = List.copyOf(appends);
        this.deadlineMs = deadlineMs;
        this.records =
                appends.stream().mapToInt(append -> append.records.size()).sum();
        this.messageBytes = (int) Math.min(
                appends.stream().mapToLong(append -> append.messageBytes).sum(), Integer.MAX_VALUE / 2);
    }

    List<PendingAppend> appends() {
        return appends;
    }

    /** Returns when it has to be answered at the latest. */
    long deadlineMs() {
        return deadlineMs;
    }

    int records() {
        return records;
    }

    /** Returns about how large its message is. */
    int messageBytes() {
        return messageBytes;
    }

    /** Returns the size of its largest record, as a node counts it. */
    int largestRecordBytes() {
        return appends.stream()
                .mapToInt(append -> append.largestRecordBytes)
                .max()
                .orElse(0);
    }

    @Nullable
    Long ifTail() {
        return appends.get(0).ifTail;
    }

    List<WalRecord> allRecords() {
        if (appends.size() == 1) {
            return appends.get(0).records;
        }
        var all = new ArrayList<WalRecord>(records);
        appends.forEach(append -> all.addAll(append.records));
        return all;
    }

    /** Returns whether it holds several appends, which need not be written together. */
    boolean isDivisible() {
        return appends.size() > 1;
    }

    /** Returns the first half of the appends. */
    Batch firstHalf() {
        return new Batch(appends.subList(0, appends.size() / 2), deadlineMs);
    }

    /** Returns the other half. */
    Batch secondHalf() {
        return new Batch(appends.subList(appends.size() / 2, appends.size()), deadlineMs);
    }

    long seq() {
        return seq;
    }

    boolean isInFlight() {
        return inFlight;
    }

    boolean isLoose() {
        return loose;
    }

    boolean isAbsent() {
        return absent;
    }

    /** Returns whether it was sent once only, under its number. */
    boolean wasSentOnce() {
        return copies == 1;
    }

    void sent(long number) {
        seq = number;
        copies++;
        inFlight = true;
        absent = false;
    }

    /** The copy on the open call was answered: it was not written. */
    void answered() {
        inFlight = false;
    }

    /** The copy on the open call will have no answer, or had one that does not tell whether it was written. */
    void lost() {
        inFlight = false;
        loose = true;
        absent = false;
    }

    /** The log does not have it. */
    void foundAbsent() {
        absent = true;
    }

    /** The numbers of its copies can never be written any more. */
    void renewed() {
        seq = NEVER_SENT;
        copies = 0;
        loose = false;
        absent = false;
    }
}
