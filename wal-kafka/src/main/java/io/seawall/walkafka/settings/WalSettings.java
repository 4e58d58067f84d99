package io.seawall.walkafka.settings;

import java.time.Duration;

/**
 * Settings for writing logs. Immutable: change the {@link #defaults} with the {@code with} methods, as in
 * {@code defaults().withAck(Ack.COMMITTED)}. Each step is checked, so of two values that depend on each other raise the larger
 * one first.
 *
 * @param lease when leases roll
 * @param limits how many bytes may wait or be in flight
 * @param timeouts the timeouts of operations
 * @param ack when an append completes
 */
public record WalSettings(Lease lease, Limits limits, Timeouts timeouts, Ack ack) {
    private static final long MIB = 1024 * 1024;

    /** Returns the default settings, which docs/configuration.md lists. */
    public static WalSettings defaults() {
        return new WalSettings(
                new Lease(Duration.ofSeconds(1), Duration.ofSeconds(5), 16 * MIB, 128 * MIB, 16 * MIB),
                new Limits(4 * MIB, 32 * MIB, (int) MIB),
                new Timeouts(
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(120),
                        Duration.ofSeconds(10),
                        Duration.ofMillis(300)),
                Ack.REPLICATED);
    }

    /** Returns these settings with another lease. */
    public WalSettings withLease(Lease other) {
        return new WalSettings(other, limits, timeouts, ack);
    }

    /** Returns these settings with other limits. */
    public WalSettings withLimits(Limits other) {
        return new WalSettings(lease, other, timeouts, ack);
    }

    /** Returns these settings with other timeouts. */
    public WalSettings withTimeouts(Timeouts other) {
        return new WalSettings(lease, limits, other, ack);
    }

    /** Returns these settings with appends that complete at another moment. */
    public WalSettings withAck(Ack other) {
        return new WalSettings(lease, limits, timeouts, other);
    }

    /** When an append completes. */
    public enum Ack {
        /** An append completes once every in-sync replica has it. */
        REPLICATED,
        /** An append completes once its lease is committed too, so that a plain read_committed consumer sees it. */
        COMMITTED
    }

    /**
     * When leases roll.
     *
     * @param roll the age at which a lease rolls while few logs of the process are written to; a plain read_committed consumer is
     *     at most two of these late
     * @param longestRoll the age at which a lease rolls at the latest, however many logs are written to; {@code roll} if that is
     *     longer
     * @param rollBytes the size at which a lease rolls; also the largest size of a republishing transaction
     * @param uncommittedBytes the uncommitted bytes at which appends wait for a commit; bounds what a takeover republishes
     * @param snapshotBytes the bytes of records after which a snapshot is written
     */
    public record Lease(
            Duration roll, Duration longestRoll, long rollBytes, long uncommittedBytes, long snapshotBytes) {
        /**
         * Checks the values.
         *
         * @throws IllegalArgumentException if a value is not above 0, or {@code uncommittedBytes} is below {@code rollBytes}
         */
        public Lease {
            positive("wal.roll.ms", roll.toMillis());
            positive("wal.roll.max.ms", longestRoll.toMillis());
            positive("wal.roll.bytes", rollBytes);
            positive("wal.snapshot.bytes", snapshotBytes);
            if (uncommittedBytes < rollBytes) {
                throw new IllegalArgumentException("wal.uncommitted.bytes = " + uncommittedBytes
                        + ", expected at least wal.roll.bytes = " + rollBytes);
            }
        }

        /** Returns these values with another {@code roll}. */
        public Lease withRoll(Duration other) {
            return new Lease(other, longestRoll, rollBytes, uncommittedBytes, snapshotBytes);
        }

        /** Returns these values with another {@code longestRoll}. */
        public Lease withLongestRoll(Duration other) {
            return new Lease(roll, other, rollBytes, uncommittedBytes, snapshotBytes);
        }

        /** Returns these values with another {@code rollBytes}. */
        public Lease withRollBytes(long other) {
            return new Lease(roll, longestRoll, other, uncommittedBytes, snapshotBytes);
        }

        /** Returns these values with another {@code uncommittedBytes}. */
        public Lease withUncommittedBytes(long other) {
            return new Lease(roll, longestRoll, rollBytes, other, snapshotBytes);
        }

        /** Returns these values with another {@code snapshotBytes}. */
        public Lease withSnapshotBytes(long other) {
            return new Lease(roll, longestRoll, rollBytes, uncommittedBytes, other);
        }
    }

    /**
     * How many bytes may wait or be in flight, for each log.
     *
     * @param windowBytes the most bytes that are sent and not yet acknowledged; also the largest size of a batch
     * @param queueBytes the most bytes that wait for the window; an append that finds the queue full fails with OVERLOADED
     * @param recordMaxBytes the most bytes of key, value and headers of one record
     */
    public record Limits(long windowBytes, long queueBytes, int recordMaxBytes) {
        /** The most records in one batch. */
        public static final int BATCH_RECORDS = 1_000;

        /**
         * Checks the values.
         *
         * @throws IllegalArgumentException unless {@code 0 < recordMaxBytes <= windowBytes <= queueBytes}
         */
        public Limits {
            positive("wal.record.max.bytes", recordMaxBytes);
            if (windowBytes < recordMaxBytes || queueBytes < windowBytes) {
                throw new IllegalArgumentException("wal.record.max.bytes = " + recordMaxBytes
                        + ", wal.window.bytes = " + windowBytes + ", wal.queue.bytes = " + queueBytes
                        + ", expected each to be at least the one before");
            }
        }

        /** Returns these limits with another {@code windowBytes}. */
        public Limits withWindowBytes(long other) {
            return new Limits(other, queueBytes, recordMaxBytes);
        }

        /** Returns these limits with another {@code queueBytes}. */
        public Limits withQueueBytes(long other) {
            return new Limits(windowBytes, other, recordMaxBytes);
        }

        /** Returns these limits with another {@code recordMaxBytes}. */
        public Limits withRecordMaxBytes(int other) {
            return new Limits(windowBytes, queueBytes, other);
        }
    }

    /**
     * The timeouts of operations.
     *
     * @param delivery from sending a record to its acknowledgement or failure, in Kafka's producer
     * @param open the longest time that an opening may make no progress; see {@link #longestOpening}
     * @param recover the longest time that a recovery after an error of a lane may make no progress; then the log ends
     * @param close the longest time to finish and commit appends in flight when a log is closed
     * @param rivalGrace the time that a possible rival gets to finish its opening before the log is taken back
     */
    public record Timeouts(Duration delivery, Duration open, Duration recover, Duration close, Duration rivalGrace) {
        /**
         * Checks the values.
         *
         * @throws IllegalArgumentException if a value is not above 0
         */
        public Timeouts {
            positive("wal.delivery.timeout.ms", delivery.toMillis());
            positive("wal.open.timeout.ms", open.toMillis());
            positive("wal.recover.timeout.ms", recover.toMillis());
            positive("the close timeout", close.toMillis());
            positive("wal.rival.grace.ms", rivalGrace.toMillis());
        }

        /** Returns these timeouts with another {@code delivery}. */
        public Timeouts withDelivery(Duration other) {
            return new Timeouts(other, open, recover, close, rivalGrace);
        }

        /** Returns these timeouts with another {@code open}. */
        public Timeouts withOpen(Duration other) {
            return new Timeouts(delivery, other, recover, close, rivalGrace);
        }

        /** Returns these timeouts with another {@code recover}. */
        public Timeouts withRecover(Duration other) {
            return new Timeouts(delivery, open, other, close, rivalGrace);
        }

        /** Returns these timeouts with another {@code close}. */
        public Timeouts withClose(Duration other) {
            return new Timeouts(delivery, open, recover, other, rivalGrace);
        }

        /** Returns these timeouts with another {@code rivalGrace}. */
        public Timeouts withRivalGrace(Duration other) {
            return new Timeouts(delivery, open, recover, close, other);
        }

        /** Returns the longest time of an opening that makes progress. */
        public Duration longestOpening() {
            return open.multipliedBy(TakeoverTime.MOST_TIMEOUTS);
        }
    }

    private static void positive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " = " + value + ", expected more than 0");
        }
    }
}
