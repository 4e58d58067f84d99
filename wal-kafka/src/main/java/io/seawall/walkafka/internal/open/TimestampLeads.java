package io.seawall.walkafka.internal.open;

import io.seawall.wal.PChannel;
import io.seawall.walkafka.port.Time;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows how far the timestamps of logs are ahead of this process's clock. Timestamps never go back. So once a clock was ahead, all
 * later records get the same timestamp until the clocks have caught up with it, which misleads reads by time and retention by age.
 * Thread-safe.
 */
public final class TimestampLeads {
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(TimestampLeads.class);

    private final Map<PChannel, Long> opened = new ConcurrentHashMap<>(); // one for each log that was ever open here

    /**
     * Notes an opening. Logs a warning if the log is too far ahead and was not before.
     *
     * @param timestampMs the lowest timestamp that the log's next records may get
     */
    void opened(PChannel pchannel, long timestampMs, Time time) {
        var before = lead(pchannel, time);
        opened.put(pchannel, timestampMs);
        var lead = lead(pchannel, time);
        if (exceedsClockSkew(lead) && !exceedsClockSkew(before)) {
            LOG.atWarn()
                    .setMessage(
                            "the log's last timestamp is ahead of this node's clock; new records get it until the clock has caught up")
                    .addKeyValue("pchannel", pchannel)
                    .addKeyValue("aheadMs", lead.toMillis())
                    .addKeyValue("timestampMs", timestampMs)
                    .log();
        }
    }

    /** Returns how far a log is ahead now; zero if it is not ahead, or was not opened here. */
    public Duration lead(PChannel pchannel, Time time) {
        return Duration.ofMillis(Math.max(0, opened.getOrDefault(pchannel, 0L) - time.wallMs()));
    }

    /** Returns whether a lead is longer than the clocks of machines may differ. */
    public static boolean exceedsClockSkew(Duration lead) {
        return lead.compareTo(CLOCK_SKEW) > 0;
    }
}
