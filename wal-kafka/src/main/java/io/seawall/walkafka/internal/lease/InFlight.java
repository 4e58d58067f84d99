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

/** What was handed to the producer and is not acknowledged: completed strictly in the order of sending. Mailbox only. */
public final class InFlight {
    private final Deque<Entry> entries = new ArrayDeque<>();
    private long bytes;
    private long sent;
    private long done;

    /** One append, one record of our own, or the answer to an append that is not written, which has no LSN. */
    public static final class Entry {
        private final @Nullable PendingAppend append;
        private final long first;
        private final int count;
        private final long sizeBytes;
        private final Admission.@Nullable Reply reply;
        // Written by the producer's thread, read on the mailbox; -1 until the last record is acknowledged.
        private volatile long offset = -1;
        private volatile @Nullable LaneFault refused; // written by the producer's thread, read once the lane is closed

        /**
         * An entry.
         *
         * @param append the append, or null for a record of our own
         * @param first its first LSN
         * @param count how many LSNs it has
         * @param sizeBytes what the window counts for it
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

        /** An answer that waits for everything below an LSN: until then, what it rests on may still not come to be. */
        public static Entry answer(PendingAppend append, Admission.Reply reply, long below) {
            return new Entry(append, below, 0, append.sizeBytes(), reply);
        }

        /** Completes the append with its LSNs, or with the answer to a repetition or a refusal. */
        public void complete(long term) {
            if (append != null && reply != null) {
                reply.complete(append.future());
            } else if (append != null) {
                append.future().complete(new Appended(term, first, next() - 1));
            }
        }

        /** How the append is answered, if it is not written. */
        public Admission.@Nullable Reply reply() {
            return reply;
        }

        @Nullable
        public PendingAppend append() {
            return append;
        }

        /** The append of what is kept: records of our own are not. */
        public PendingAppend userAppend() {
            return Objects.requireNonNull(append, "records of our own are not kept");
        }

        long first() {
            return first;
        }

        /** How many LSNs it has. */
        public int count() {
            return count;
        }

        /** The LSN after it. */
        public long next() {
            return first + count;
        }

        long sizeBytes() {
            return sizeBytes;
        }

        /** Notes that all of it is acknowledged, the last record at this offset. */
        void acknowledgedAt(long at) {
            offset = at;
        }

        /** Notes where it is, now that it is complete; an answer is nowhere. */
        void noteIn(OwnOffsets own) {
            if (reply == null) {
                own.acknowledged(first, count, offset);
            }
        }

        /** Whether nothing more is to come; an answer needs nothing but to be the first. */
        boolean isAcknowledged() {
            return offset >= 0 || reply != null;
        }

        /** Where its last record is; -1 if that is not known. */
        long offset() {
            return offset;
        }

        /** Notes that the broker will never take it, whichever failure of the lane was heard of first. */
        public void refuse(LaneFault fault) {
            refused = fault;
        }

        /** Why the broker will never take it, or null. */
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

    /** The first one, if it is acknowledged: what is acknowledged before one that was sent earlier waits for that. */
    @Nullable
    Entry complete() {
        var head = entries.peek();
        return head != null && head.isAcknowledged() ? head : null;
    }

    /** Takes out the first one, which is complete. */
    void removeComplete() {
        var head = entries.remove();
        bytes -= head.sizeBytes;
        done += head.reply == null ? 1 : 0;
    }

    /**
     * Notes which append was refused, if only one is in flight. Kafka refuses a whole batch for one record in it, so otherwise it is not
     * known which.
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

    /** Returns whether the oldest one begins below an LSN. */
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

    /** How many entries were ever sent; an answer is not sent. */
    long sent() {
        return sent;
    }

    /** How many of those are acknowledged, in the order of sending. */
    long done() {
        return done;
    }
}
