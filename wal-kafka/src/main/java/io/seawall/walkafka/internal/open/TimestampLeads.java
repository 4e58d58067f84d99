package io.seawall.walkafka.internal.open;

import io.seawall.wal.PChannel;
import io.seawall.walkafka.port.Time;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far the timestamps of logs are ahead of this process's clock. They never go back, so a clock that was ahead once gives every
 * later record the timestamp of that moment, until the time has come: reads by time and retention by age go by it. For any thread.
 */
public final class TimestampLeads {
    /** Clocks of machines differ by less; so a longer lead is told. */
    public static final Duration TOLERATED = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(TimestampLeads.class);

    private final Map<PChannel, Long> opened = new ConcurrentHashMap<>(); // as many as were ever open here

    /**
     * Notes an opening, and tells a lead that is new here.
     *
     * @param timestampMs the least timestamp of what will be written
     */
    void opened(PChannel pchannel, long timestampMs, Time time) {
        var before = leadMs(pchannel, time);
        opened.put(pchannel, timestampMs);
        var leadMs = leadMs(pchannel, time);
        if (isTold(leadMs) && !isTold(before)) {
            LOG.atWarn()
                    .setMessage(
                            "the log's last timestamp is ahead of this node's clock; records keep it until the clock is there")
                    .addKeyValue("pchannel", pchannel)
                    .addKeyValue("aheadMs", leadMs)
                    .addKeyValue("timestampMs", timestampMs)
                    .log();
        }
    }

    /** How far a log that was opened here is ahead at present, in milliseconds; 0 if it is not, or was not opened here. */
    public long leadMs(PChannel pchannel, Time time) {
        return Math.max(0, opened.getOrDefault(pchannel, 0L) - time.wallMs());
    }

    /** Whether a lead is longer than clocks may differ. */
    static boolean isTold(long leadMs) {
        return leadMs > TOLERATED.toMillis();
    }
}
