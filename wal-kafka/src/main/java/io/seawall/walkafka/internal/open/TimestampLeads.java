package io.seawall.walkafka.internal.open;

import io.seawall.wal.PChannel;
import io.seawall.walkafka.port.Time;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows how far the timestamps of logs are ahead of this process's clock. Timestamps never decrease, so after a clock was ahead
 * once, every later record gets the timestamp of that moment until the time has come; reads by time and retention by age use it.
 * Thread-safe.
 */
public final class TimestampLeads {
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(TimestampLeads.class);

    private final Map<PChannel, Long> opened = new ConcurrentHashMap<>(); // as many as were ever open here

    /**
     * Notes an opening, and logs a lead that is new here.
     *
     * @param timestampMs the least timestamp of what will be written
     */
    void opened(PChannel pchannel, long timestampMs, Time time) {
        var before = lead(pchannel, time);
        opened.put(pchannel, timestampMs);
        var lead = lead(pchannel, time);
        if (exceedsClockSkew(lead) && !exceedsClockSkew(before)) {
            LOG.atWarn()
                    .setMessage(
                            "the log's last timestamp is ahead of this node's clock; records keep it until the clock is there")
                    .addKeyValue("pchannel", pchannel)
                    .addKeyValue("aheadMs", lead.toMillis())
                    .addKeyValue("timestampMs", timestampMs)
                    .log();
        }
    }

    /** Returns how far a log that was opened here is ahead at present; zero if it is not, or was not opened here. */
    public Duration lead(PChannel pchannel, Time time) {
        return Duration.ofMillis(Math.max(0, opened.getOrDefault(pchannel, 0L) - time.wallMs()));
    }

    /** Returns whether a lead is longer than clocks of machines may differ. */
    public static boolean exceedsClockSkew(Duration lead) {
        return lead.compareTo(CLOCK_SKEW) > 0;
    }
}
