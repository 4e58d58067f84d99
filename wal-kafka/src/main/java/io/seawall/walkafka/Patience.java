package io.seawall.walkafka;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.walkafka.port.Time;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How long a look at a log goes on; asked between fetches. */
final class Patience implements Supplier<@Nullable RuntimeException> {
    /** Longer than Kafka needs for a change of leaders. */
    static final Duration USUAL = Duration.ofSeconds(30);

    private final PChannel pchannel;
    private final String operation;
    private final Duration longest;
    private final Time.Deadline deadline;

    /**
     * Patience from now on.
     *
     * @param pchannel the log
     * @param operation what is being done, as a phrase that fits after "cannot"
     * @param longest how long it may take
     * @param time the clock
     */
    Patience(PChannel pchannel, String operation, Duration longest, Time time) {
        this.pchannel = pchannel;
        this.operation = operation;
        this.longest = longest;
        this.deadline = time.deadline(longest);
    }

    /** Why to give up; null to go on. */
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
