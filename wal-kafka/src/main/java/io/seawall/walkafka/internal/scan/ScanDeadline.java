package io.seawall.walkafka.internal.scan;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.walkafka.port.Time;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Limits the time of an operation that reads a log. The operation asks between fetches. */
public final class ScanDeadline implements Supplier<@Nullable RuntimeException> {
    /** The usual limit, longer than Kafka needs to elect a new leader. */
    public static final Duration USUAL = Duration.ofSeconds(30);

    private final PChannel pchannel;
    private final String operation;
    private final Duration longest;
    private final Time.Deadline deadline;

    /**
     * Creates a limit that starts now.
     *
     * @param pchannel the log
     * @param operation the operation, as a phrase that fits after "cannot"
     * @param longest how long the operation may take
     * @param time the clock
     */
    public ScanDeadline(PChannel pchannel, String operation, Duration longest, Time time) {
        this.pchannel = pchannel;
        this.operation = operation;
        this.longest = longest;
        this.deadline = time.deadline(longest);
    }

    /** Returns the error once the time is over; null before that. */
    @Override
    public @Nullable RuntimeException get() {
        return deadline.isPast()
                ? Problem.of(ErrorCode.UNAVAILABLE, operation)
                        .pchannel(pchannel)
                        .found("no answer from Kafka within " + longest)
                        .exception()
                : null;
    }
}
