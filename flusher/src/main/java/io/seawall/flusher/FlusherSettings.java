package io.seawall.flusher;

import io.seawall.flusher.segment.BlockBuffer;
import io.seawall.flusher.segment.SegmentCodec;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The settings of a flusher.
 *
 * @param sealing when a segment is full, and how it is written
 * @param spooling where segments are written, and how much room they may take
 * @param memory how much memory all pchannels may take together
 * @param retention what stays in the log after it is in segments
 * @param work threads and times
 * @param retry the pauses after failures of the store or the log
 */
public record FlusherSettings(
        Sealing sealing, Spooling spooling, Memory memory, Retention retention, Work work, Backoff retry) {
    private static final long MIB = 1024L * 1024;
    private static final int MOST_THREADS = 64;

    /**
     * Checks the rules that concern several parts.
     *
     * @throws io.seawall.wal.RequestException with {@link ErrorCode#INVALID} that names the value and its range
     */
    public FlusherSettings {
        var leastMemory = work.threads() * memory.stepBytes();
        check(
                memory.budgetBytes() >= leastMemory,
                "flush.memory.bytes",
                memory.budgetBytes(),
                "at least " + leastMemory + ", which " + work.threads()
                        + " threads need to read and write records of at most " + memory.recordBytes() + " bytes");
    }

    /**
     * Returns the defaults: segments of 64 MiB or 10 minutes, zstd; 4 GiB of spool, 64 MiB of memory; no trimming; 2 threads, a
     * check every 100 ms, 5 s to close; retries after 200 ms to 30 s.
     *
     * @param spoolDir the folder for segments that are being written
     * @return the settings
     */
    public static FlusherSettings defaults(Path spoolDir) {
        return new FlusherSettings(
                new Sealing(64 * MIB, Duration.ofMinutes(10), SegmentCodec.ZSTANDARD),
                new Spooling(spoolDir, 4096 * MIB),
                new Memory(64 * MIB, 2 * 2 * MIB + MIB / 2, MIB),
                Retention.FOREVER,
                new Work(2, Duration.ofMillis(100), Duration.ofSeconds(5)),
                new Backoff(Duration.ofMillis(200), Duration.ofSeconds(30)));
    }

    /** Returns these settings with other limits of a segment. */
    public FlusherSettings withSegments(long bytes, Duration age) {
        return with(new Sealing(bytes, age, sealing.codec()));
    }

    public FlusherSettings with(Sealing other) {
        return new FlusherSettings(other, spooling, memory, retention, work, retry);
    }

    public FlusherSettings with(Spooling other) {
        return new FlusherSettings(sealing, other, memory, retention, work, retry);
    }

    public FlusherSettings with(Memory other) {
        return new FlusherSettings(sealing, spooling, other, retention, work, retry);
    }

    public FlusherSettings with(Retention other) {
        return new FlusherSettings(sealing, spooling, memory, other, work, retry);
    }

    public FlusherSettings with(Work other) {
        return new FlusherSettings(sealing, spooling, memory, retention, other, retry);
    }

    /**
     * When a segment is full.
     *
     * @param bytes the records' bytes, uncompressed, at which a segment is sealed; at least 1. Low: many small objects. High:
     *     more spool, and more to write again after a crash
     * @param age how long after its first record a segment is sealed; above zero. Low: many small objects. High: records stay
     *     longer in Kafka alone
     * @param codec how its blocks are compressed
     */
    public record Sealing(long bytes, Duration age, SegmentCodec codec) {
        /**
         * Checks every value.
         *
         * @throws io.seawall.wal.RequestException with {@link ErrorCode#INVALID} that names the value and its range
         */
        public Sealing {
            check(bytes >= 1, "segmentBytes", bytes, "1 or more");
            checkPositive("segmentAge", age);
        }
    }

    /**
     * Where segments are written before they are published.
     *
     * @param dir a local folder; its content is useless after a crash
     * @param maxBytes the most that all of them together may take on disk; at least 1. Low: segments are published before they
     *     are full. High: the disk may fill up
     */
    public record Spooling(Path dir, long maxBytes) {
        /**
         * Checks the number.
         *
         * @throws io.seawall.wal.RequestException with {@link ErrorCode#INVALID} that names the value and its range
         */
        public Spooling {
            check(maxBytes >= 1, "spool.maxBytes", maxBytes, "1 or more");
        }
    }

    /**
     * How much memory all pchannels may take together.
     *
     * @param budgetBytes the most; enough for every thread to read and to write. Low: fewer logs are read at once, and blocks
     *     are smaller
     * @param readerBytes what an open reader takes: the fetch in progress, the fetch before it, and the reader itself
     * @param recordBytes the largest record; a thread that writes briefly holds it three times: read, encoded, compressed
     */
    public record Memory(long budgetBytes, long readerBytes, long recordBytes) {
        /**
         * Checks every value.
         *
         * @throws io.seawall.wal.RequestException with {@link ErrorCode#INVALID} that names the value and its range
         */
        public Memory {
            check(readerBytes >= 0, "memory.readerBytes", readerBytes, "0 or more");
            check(recordBytes >= 0, "memory.recordBytes", recordBytes, "0 or more");
        }

        /** Returns what a thread needs to take a step: a reader, and the block that it writes. */
        long stepBytes() {
            return readerBytes + writerBytes();
        }

        /**
         * Returns the peak memory of a write: a record and a block, encoded and compressed, with spare array capacity.
         */
        long writerBytes() {
            return 2 * (recordBytes + BlockBuffer.MOST_KEPT_BYTES);
        }
    }

    /**
     * What stays in the log although it is in segments. The oldest records are deleted when either limit is exceeded.
     *
     * @param bytes the most bytes of records to keep, 0 or more; -1 for no limit
     * @param age how long to keep a record after its timestamp, zero or more; negative for no limit
     */
    public record Retention(long bytes, Duration age) {
        /** Nothing is ever trimmed. */
        public static final Retention FOREVER = new Retention(-1, Duration.ofMillis(-1));

        boolean isForever() {
            return bytes < 0 && age.isNegative();
        }
    }

    /**
     * Threads and times.
     *
     * @param threads how many pchannels work at the same time; 1 to 64. Low: a slow store delays more of them
     * @param tick how often an idle pchannel is checked; above zero. Low: cost with many pchannels. High: flushing starts later
     * @param closeTimeout how long {@link Flusher#unregister} and {@link Flusher#close} wait for a step in progress
     */
    public record Work(int threads, Duration tick, Duration closeTimeout) {
        /**
         * Checks every value.
         *
         * @throws io.seawall.wal.RequestException with {@link ErrorCode#INVALID} that names the value and its range
         */
        public Work {
            check(threads >= 1 && threads <= MOST_THREADS, "threads", threads, "1 to " + MOST_THREADS);
            checkPositive("tick", tick);
            checkPositive("closeTimeout", closeTimeout);
        }
    }

    /**
     * Growing pauses.
     *
     * @param first the pause after the first failure, doubled with each further one; above zero
     * @param longest the longest pause; not below {@code first}
     */
    public record Backoff(Duration first, Duration longest) {
        /**
         * Checks both pauses.
         *
         * @throws io.seawall.wal.RequestException with {@link ErrorCode#INVALID} that names the value and its range
         */
        public Backoff {
            checkPositive("retry.first", first);
            check(longest.compareTo(first) >= 0, "retry.longest", longest, "not below retry.first, which is " + first);
        }

        /** Returns the pause after this many failures in a row, 1 or more. */
        Duration after(int failures) {
            var pause = first;
            for (var i = 1; i < failures && pause.compareTo(longest) < 0; i++) {
                pause = pause.multipliedBy(2);
            }
            return pause.compareTo(longest) < 0 ? pause : longest;
        }
    }

    private static void checkPositive(String name, Duration value) {
        check(!value.isNegative() && !value.isZero(), name, value, "above zero");
    }

    private static void check(boolean ok, String name, Object found, String expected) {
        if (!ok) {
            throw Problem.of(ErrorCode.INVALID, "use the flusher setting " + name)
                    .found(found.toString())
                    .expected(expected)
                    .exception();
        }
    }
}
