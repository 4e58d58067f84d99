package io.seawall.walkafka;

import java.time.Duration;

/**
 * How logs are written.
 *
 * @param lease when leases roll
 * @param limits how much may wait or be in flight
 * @param timeouts how long things may take
 * @param ack when an append completes
 */
public record WalSettings(Lease lease, Limits limits, Timeouts timeouts, Ack ack) {
    private static final long MIB = 1024 * 1024;

    /** What the reference page gives as defaults. */
    public static WalSettings defaults() {
        return new WalSettings(
                new Lease(Duration.ofSeconds(1), 16 * MIB, 128 * MIB, 16 * MIB),
                new Limits(4 * MIB, 32 * MIB, (int) MIB),
                new Timeouts(
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(120),
                        Duration.ofSeconds(10),
                        Duration.ofMillis(300)),
                Ack.REPLICATED);
    }

    /** When an append completes. */
    public enum Ack {
        /** Once it is on every in-sync replica. */
        REPLICATED,
        /** Once its lease is committed too, so that a plain read_committed consumer sees it. */
        COMMITTED
    }

    /**
     * When leases roll.
     *
     * @param roll a lease older than this rolls: plain read_committed consumers are at most two of these late
     * @param rollBytes a lease that holds more than this rolls; also the size of a republishing transaction
     * @param uncommittedBytes at this many uncommitted bytes appends wait for a commit; bounds what a takeover republishes
     * @param snapshotBytes a snapshot is written after this many bytes of records
     */
    public record Lease(Duration roll, long rollBytes, long uncommittedBytes, long snapshotBytes) {
        /**
         * Checks the values.
         *
         * @throws IllegalArgumentException if one is not above 0, or the cap is below one roll
         */
        public Lease {
            positive("wal.roll.ms", roll.toMillis());
            positive("wal.roll.bytes", rollBytes);
            positive("wal.snapshot.bytes", snapshotBytes);
            if (uncommittedBytes < rollBytes) {
                throw new IllegalArgumentException("wal.uncommitted.bytes = " + uncommittedBytes
                        + ", expected at least wal.roll.bytes = " + rollBytes);
            }
        }
    }

    /**
     * How much may wait or be in flight, in bytes per log.
     *
     * @param windowBytes handed to the producer and not yet acknowledged; also the largest batch
     * @param queueBytes waiting behind the window; an append that finds it full fails with OVERLOADED
     * @param recordMaxBytes key, value and headers of one record
     */
    public record Limits(long windowBytes, long queueBytes, int recordMaxBytes) {
        /** The most records of one batch. */
        public static final int BATCH_RECORDS = 1_000;

        /**
         * Checks the values.
         *
         * @throws IllegalArgumentException if one is not above 0, or a record would not fit the window or the queue
         */
        public Limits {
            positive("wal.record.max.bytes", recordMaxBytes);
            if (windowBytes < recordMaxBytes || queueBytes < windowBytes) {
                throw new IllegalArgumentException("wal.record.max.bytes = " + recordMaxBytes
                        + ", wal.window.bytes = " + windowBytes + ", wal.queue.bytes = " + queueBytes
                        + ", expected each to be at least the one before");
            }
        }
    }

    /**
     * How long things may take.
     *
     * @param delivery from an append to its acknowledgement or failure, inside Kafka's producer
     * @param open an opening that gets no further; see {@link #longestOpening}
     * @param recover taking a log back after an error of a lane, in place, without getting further; then it ends
     * @param close finishing and committing what is in flight when a log is closed
     * @param rivalGrace after an error that may mean a rival: how long to give it to finish its opening
     */
    public record Timeouts(Duration delivery, Duration open, Duration recover, Duration close, Duration rivalGrace) {
        /**
         * Checks the values.
         *
         * @throws IllegalArgumentException if one is not above 0
         */
        public Timeouts {
            positive("wal.delivery.timeout.ms", delivery.toMillis());
            positive("wal.open.timeout.ms", open.toMillis());
            positive("wal.recover.timeout.ms", recover.toMillis());
            positive("the close timeout", close.toMillis());
            positive("wal.rival.grace.ms", rivalGrace.toMillis());
        }

        /** How long an opening may take that goes on getting further. */
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
