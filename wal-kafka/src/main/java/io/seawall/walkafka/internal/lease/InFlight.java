package io.seawall.walkafka.internal.lease;

import io.seawall.wal.Appended;
import io.seawall.walkafka.internal.scan.OwnOffsets;
import io.seawall.walkafka.port.LaneFault;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The sends that are not complete yet. They complete strictly in the order of sending. Used on the mailbox only. */
public final class InFlight {
    private final Deque<Entry> entries = new ArrayDeque<>();
    private long bytes;
    private long sent;
    private long done;

    /** An append, a control record, or the answer to an append that is not written. Only an append has LSNs. */
    public static final class Entry {
        private final @Nullable PendingAppend append; // null for a control record
        private final long first;
        private final int count;
        private final long sizeBytes;
        private final Admission.@Nullable Reply reply;
        // -1 until the last record is acknowledged; written by the producer's thread, read on the mailbox
        private volatile long offset = -1;
        private volatile @Nullable LaneFault refused; // written by the producer's thread, read once the lane is closed

        /**
         * Creates an entry that is sent.
         *
         * @param append the append, or null for a control record
         * @param first the first LSN
         * @param count the number of LSNs; 0 for a control record
         * @param sizeBytes the bytes that the window counts
         */
        public Entry(@Nullable PendingAppend append, long first, int count, long sizeBytes) {
            this(append, first, count, sizeBytes, null);
        }

        private Entry(
                @Nullable PendingAppend append,
                long first,
                int count,
                long sizeBytes,
                Admission.@Nullable Reply reply) {
            this.append = append;
            this.first = first;
            this.count = count;
            this.sizeBytes = sizeBytes;
            this.reply = reply;
        }

        /** Creates an answer. It waits for everything below an LSN, because an earlier append may still fail and change it. */
        public static Entry answer(PendingAppend append, Admission.Reply reply, long below) {
            return new Entry(append, below, 0, append.sizeBytes(), reply);
        }

        /** Completes the caller's future with the LSNs, or with the answer. */
        public void complete(long term) {
            if (append != null && reply != null) {
                reply.complete(append.future());
            } else if (append != null) {
                append.future().complete(new Appended(term, first, next() - 1));
            }
        }

        /** Returns the answer if the append is not written, or null. */
        public Admission.@Nullable Reply reply() {
            return reply;
        }

        @Nullable
        public PendingAppend append() {
            return append;
        }

        /** Returns the append of an entry that is no control record. */
        public PendingAppend userAppend() {
            return Objects.requireNonNull(append, "a control record has no append");
        }

        long first() {
            return first;
        }

        /** Returns the number of LSNs. */
        public int count() {
            return count;
        }

        /** Returns the LSN after this entry. */
        public long next() {
            return first + count;
        }

        long sizeBytes() {
            return sizeBytes;
        }

        /** Notes that all records are acknowledged, the last one at this offset. */
        void acknowledgedAt(long at) {
            offset = at;
        }

        /** Reports the offset of a complete entry. An answer has none. */
        void reportTo(OwnOffsets own) {
            if (reply == null) {
                own.acknowledged(first, count, offset);
            }
        }

        /** Returns whether all records are acknowledged. An answer has none, so it only waits for its turn. */
        boolean isAcknowledged() {
            return offset >= 0 || reply != null;
        }

        /** Returns the offset of the last record; -1 until it is acknowledged. */
        long offset() {
            return offset;
        }

        /** Notes that the broker never accepts this append, even if another failure of the lane was noted first. */
        public void refuse(LaneFault fault) {
            refused = fault;
        }

        /** Returns why the broker never accepts this append, or null. */
        @Nullable
        public LaneFault refused() {
            return refused;
        }
    }

    void add(Entry entry) {
        entries.add(entry);
        bytes += entry.sizeBytes;
        sent += entry.reply == null ? 1 : 0;
    }

    /** Returns the oldest entry if it is complete, or null. A later entry waits for it, even if it is acknowledged. */
    @Nullable
    Entry oldestIfComplete() {
        var head = entries.peek();
        return head != null && head.isAcknowledged() ? head : null;
    }

    /** Removes the oldest entry, which is complete. */
    void removeOldest() {
        var head = entries.remove();
        bytes -= head.sizeBytes;
        done += head.reply == null ? 1 : 0;
    }

    /**
     * Marks the append in flight as refused, if it is the only one. With more in flight it is not known which one was refused, as
     * Kafka refuses a whole produce batch for one record in it.
     */
    void blameIfAlone(LaneFault fault) {
        var sentOnes = entries.stream().filter(entry -> entry.reply == null).toList();
        if (fault.kind() == LaneFault.Kind.REFUSED && sentOnes.size() == 1) {
            sentOnes.get(0).refuse(fault);
        }
    }

    List<Entry> removeAll() {
        var all = new ArrayList<>(entries);
        entries.clear();
        bytes = 0;
        return all;
    }

    /** Returns whether the oldest entry begins below an LSN. */
    boolean beginsBelow(long lsn) {
        var oldest = entries.peek();
        return oldest != null && oldest.first < lsn;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    long bytes() {
        return bytes;
    }

    /** Returns how many entries were sent so far, without answers. */
    long sent() {
        return sent;
    }

    /** Returns how many of them are acknowledged, in the order of sending. */
    long done() {
        return done;
    }
}
