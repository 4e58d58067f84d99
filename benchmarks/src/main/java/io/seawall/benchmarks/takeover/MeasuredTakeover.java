package io.seawall.benchmarks.takeover;

import io.seawall.benchmarks.measure.Clock;
import io.seawall.benchmarks.measure.Filling;
import io.seawall.benchmarks.measure.Latency;
import io.seawall.benchmarks.measure.Payloads;
import io.seawall.wal.PChannel;
import io.seawall.walkafka.KafkaWals;
import org.HdrHistogram.ConcurrentHistogram;

/** Runs and times takeovers, one after the other. */
final class MeasuredTakeover {
    private final KafkaWals owners;
    private final KafkaWals successors;
    private final FenceWatch fences;
    private final Clock clock;

    MeasuredTakeover(KafkaWals owners, KafkaWals successors, FenceWatch fences, Clock clock) {
        this.owners = owners;
        this.successors = successors;
        this.fences = fences;
        this.clock = clock;
    }

    /** The times of takeovers of one kind. */
    static final class Times {
        private final ConcurrentHistogram fenceToAppend = Latency.histogram();
        private final ConcurrentHistogram openToAppend = Latency.histogram();

        TakeoverReport.Case toCase(int republishedBytes, int logRecords) {
            return new TakeoverReport.Case(
                    republishedBytes, logRecords, Latency.of(fenceToAppend), Latency.of(openToAppend));
        }
    }

    /**
     * Lets an owner append, abandons it, and takes its log over.
     *
     * @param log the log
     * @param term the owner's; the successor's is the next
     * @param uncommittedBytes how much the owner leaves uncommitted
     * @param times collects the times
     */
    void run(PChannel log, long term, int uncommittedBytes, Times times) {
        try (var abandoned = owners.opener().open(log, term).wal().join()) {
            new Filling(clock).fill(abandoned, uncommittedBytes / Payloads.RECORD_BYTES);
            var tail = abandoned.tail();
            fences.arm();
            var asked = clock.nanos();
            try (var successor = successors.opener().open(log, term + 1).wal().join()) {
                var first =
                        successor.append(new byte[Payloads.RECORD_BYTES]).join().first();
                var done = clock.nanos();
                if (first != tail) {
                    throw new IllegalStateException(
                            "the successor of " + log + " continued at LSN " + first + ", expected " + tail);
                }
                times.fenceToAppend.recordValue(done - fences.begun());
                times.openToAppend.recordValue(done - asked);
            }
        }
    }
}
