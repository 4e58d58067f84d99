package io.seawall.walkafka;

/**
 * What the {@code wal} header of a record says. Written as short ASCII (docs/protocol.md#partition):
 *
 * <pre>
 * data      term.epoch/lsn[+k][@term0]
 * snapshot  term.epoch/lsn snapshot
 * lease     term.epoch lease
 * claim     term.epoch claim
 * </pre>
 */
sealed interface WalHeader {
    /** The kinds of records. */
    enum Kind {
        DATA,
        SNAPSHOT,
        LEASE,
        CLAIM
    }

    /** Which of the records below this is. */
    Kind kind();

    /** Who wrote the record. */
    Stamp stamp();

    /**
     * A user's record.
     *
     * @param stamp who wrote this copy
     * @param lsn its number
     * @param more how many records of the same batch follow
     * @param partOfBatch whether it is a member of a batch of two or more
     * @param firstTerm the term that wrote it first; the stamp's own term unless {@code copy}
     * @param copy whether a later owner wrote it again, as the lease of the first one was aborted
     */
    record Data(Stamp stamp, long lsn, int more, boolean partOfBatch, long firstTerm, boolean copy)
            implements WalHeader {
        static Data single(Stamp stamp, long lsn) {
            return new Data(stamp, lsn, 0, false, stamp.term(), false);
        }

        static Data member(Stamp stamp, long lsn, int more) {
            return new Data(stamp, lsn, more, true, stamp.term(), false);
        }

        Data copiedBy(Stamp owner) {
            return new Data(owner, lsn, more, partOfBatch, firstTerm, true);
        }

        @Override
        public Kind kind() {
            return Kind.DATA;
        }
    }

    /**
     * Says that everything below an LSN precedes it.
     *
     * @param stamp who wrote it
     * @param lsn the next LSN
     */
    record Snapshot(Stamp stamp, long lsn) implements WalHeader {
        @Override
        public Kind kind() {
            return Kind.SNAPSHOT;
        }
    }

    /**
     * Opens a lane's transaction.
     *
     * @param stamp who wrote it
     */
    record Lease(Stamp stamp) implements WalHeader {
        @Override
        public Kind kind() {
            return Kind.LEASE;
        }
    }

    /**
     * Makes its writer the owner once committed, if it wins.
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
