package io.seawall.kafkasim;

import io.seawall.wal.WriterSeq;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A caller that numbers its batches and has up to five of them in flight. It sends a batch again, to the log's current owner,
 * until it is answered; sometimes also one that was answered.
 */
final class Session {
    /**
     * With fewer other sessions than this, a snapshot keeps every session: a session of five batches takes about 80 of 1,012
     * bytes.
     */
    private static final int SURELY_REMEMBERED = 11;

    private final String id;
    private final TrueLog log;
    private final List<SimHistory.Append> batches = new ArrayList<>(); // by number
    private boolean retired;

    /**
     * A session that has written nothing.
     *
     * @param log the log that it writes to
     */
    Session(String id, TrueLog log) {
        this.id = id;
        this.log = log;
    }

    /**
     * One send of one batch.
     *
     * @param seq its number
     * @param follows whether every batch before it was known to be in the log when it was sent
     */
    record Sending(Session session, int seq, boolean follows) {
        SimHistory.Append append() {
            return session.batches.get(seq);
        }

        WriterSeq number() {
            return new WriterSeq(session.id, seq);
        }

        /**
         * Returns whether the log may fail it with a gap: it may have forgotten the session, or not know an earlier batch.
         */
        boolean mayBeAGap() {
            return !follows || session.mayBeForgotten();
        }

        /** Returns whether the log may no longer know the position of the batch. */
        boolean mayBeForgotten() {
            return session.mayBeForgotten() || seq <= session.batches.size() - 1 - WriterSeq.REMEMBERED;
        }
    }

    /**
     * Allows the log to forget the session: its first batch is not sent again, because the log might take it for that of a new
     * session.
     */
    void retire() {
        retired = true;
    }

    /** Returns whether the log may have forgotten the session because others have written since. */
    private boolean mayBeForgotten() {
        return log.sessionsSince(id) >= SURELY_REMEMBERED;
    }

    /** Returns whether it may send another batch before those in flight are answered. */
    boolean mayGoOn() {
        return batches.size() - firstUnfinished() < WriterSeq.REMEMBERED;
    }

    private int firstUnfinished() {
        var first = Math.max(0, batches.size() - WriterSeq.REMEMBERED);
        while (first < batches.size() && batches.get(first).isWritten()) {
            first++;
        }
        return first;
    }

    /** Sends a batch for the first time. */
    Sending next(SimHistory.Append append) {
        batches.add(append);
        return sending(batches.size() - 1);
    }

    private Sending sending(int seq) {
        return new Sending(this, seq, batches.subList(0, seq).stream().allMatch(SimHistory.Append::isWritten));
    }

    /** Returns whether there is a batch that may be sent again. */
    boolean hasSent() {
        return batches.size() > (retired ? 1 : 0);
    }

    /** Sends a batch again: the first one without an answer, or any of the last five. */
    Sending again(RandomGenerator random) {
        var oldest = Math.max(retired ? 1 : 0, batches.size() - WriterSeq.REMEMBERED);
        var first = Math.max(oldest, firstUnfinished());
        var any = oldest + random.nextInt(batches.size() - oldest);
        return sending(first == batches.size() || random.nextInt(3) == 0 ? any : first);
    }
}
