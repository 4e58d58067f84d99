package io.seawall.benchmarks.measure;

import java.time.Duration;

/** Reads a log from its first record to its last, repeatedly for some time; only the passes count. */
public final class ReadPasses {
    private static final int LONGEST_WAIT_S = 30;

    private final int records;
    private final Clock clock;

    /**
     * Prepares the passes.
     *
     * @param records how many records the log has
     * @param clock time
     */
    public ReadPasses(int records, Clock clock) {
        this.records = records;
        this.clock = clock;
    }

    /** A reader at the log's start. */
    public interface Pass extends AutoCloseable {
        /** How long a call of {@link #take} waits if there is no record. */
        Duration WAIT = Duration.ofMillis(500);

        /** Takes the next records, checks each value, and returns the number of records; may be 0. */
        int take();

        @Override
        void close();
    }

    /** Creates a pass. The measurement excludes creating it but includes its connection to the partition's leader. */
    public interface Source {
        Pass open();
    }

    /** Reads whole passes for at least this long. */
    public Throughput run(Source source, Duration duration) {
        var cpu = ProcessFacts.ownCpu();
        var read = 0L;
        var nanos = 0L;
        while (nanos < duration.toNanos()) {
            try (var pass = source.open()) {
                nanos += timed(pass);
                read += records;
            }
        }
        return Throughput.of(read, nanos, ProcessFacts.ownCpu().minus(cpu));
    }

    private long timed(Pass pass) {
        var start = clock.nanos();
        var latest = start + Duration.ofSeconds(LONGEST_WAIT_S).toNanos();
        var seen = 0;
        while (seen < records) {
            seen += pass.take();
            if (clock.nanos() > latest) {
                throw new IllegalStateException(
                        "read " + seen + " of " + records + " records within " + LONGEST_WAIT_S + " s, expected all");
            }
        }
        if (seen > records) {
            throw new IllegalStateException("read " + seen + " records, expected " + records);
        }
        return clock.nanos() - start;
    }
}
