package io.seawall.walkafka.internal.format;

/**
 * The content of a record's {@code wal} header. It is written as short ASCII text (docs/protocol.md#partition):
 *
 * <pre>
 * data      term.epoch/lsn[+k][@term0]
 * snapshot  term.epoch/lsn snapshot
 * lease     term.epoch lease
 * claim     term.epoch claim
 * </pre>
 */
public sealed interface WalHeader {
    /** The kinds of records. */
    enum Kind {
        DATA,
        SNAPSHOT,
        LEASE,
        CLAIM
    }

    /** Returns the kind of this record. */
    Kind kind();

    /** Returns the stamp of the record's writer. */
    Stamp stamp();

    /**
     * A user's record.
     *
     * @param stamp the writer of this record
     * @param lsn the LSN
     * @param more how many records of the same batch follow
     * @param partOfBatch whether it belongs to a batch of two or more records
     * @param firstTerm the term that wrote it first; the stamp's own term unless {@code copy}
     * @param copy whether a later owner wrote it again, because the lease of the original was aborted
     */
    record Data(Stamp stamp, long lsn, int more, boolean partOfBatch, long firstTerm, boolean copy)
            implements WalHeader {
        public static Data single(Stamp stamp, long lsn) {
            return new Data(stamp, lsn, 0, false, stamp.term(), false);
        }

        public static Data member(Stamp stamp, long lsn, int more) {
            return new Data(stamp, lsn, more, true, stamp.term(), false);
        }

        public Data copiedBy(Stamp owner) {
            return new Data(owner, lsn, more, partOfBatch, firstTerm, true);
        }

        @Override
        public Kind kind() {
            return Kind.DATA;
        }
    }

    /**
     * A snapshot: all records with lower LSNs precede it.
     *
     * @param stamp the writer
     * @param lsn the next LSN
     */
    record Snapshot(Stamp stamp, long lsn) implements WalHeader {
        @Override
        public Kind kind() {
            return Kind.SNAPSHOT;
        }
    }

    /**
     * A lease record, which opens a lane's transaction.
     *
     * @param stamp the writer
     */
    record Lease(Stamp stamp) implements WalHeader {
        @Override
        public Kind kind() {
            return Kind.LEASE;
        }
    }

    /**
     * A claim: makes its writer the owner if it is committed and wins.
     *
     * @param stamp the term and epoch claimed
     */
    record Claim(Stamp stamp) implements WalHeader {
        @Override
        public Kind kind() {
            return Kind.CLAIM;
        }
    }
}
