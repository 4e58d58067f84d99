package io.seawall.node.watch;

import io.seawall.node.metrics.NodeMetrics;
import io.seawall.wal.PChannel;
import io.seawall.walkafka.KafkaWals;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Shows how far the timestamps of this node's logs are ahead of its clock.
 *
 * @param own the logs that are open here
 * @param lead returns how far one log is ahead
 */
record TimestampWatch(Supplier<List<PChannel>> own, Function<PChannel, Duration> lead) {
    /** Registers a gauge for each open log. */
    void bind(NodeMetrics metrics) {
        metrics.gaugeOfEach(
                "seawall.log.timestamps.ahead",
                "how far the log's last timestamp is ahead of this node's clock",
                "seconds",
                () -> own.get().stream()
                        .collect(Collectors.toMap(
                                Function.identity(),
                                pchannel -> lead.apply(pchannel).toSeconds())));
    }

    /** Returns how far a log is ahead in milliseconds; empty if clocks of machines may differ by that. */
    Optional<Long> aheadMs(PChannel pchannel) {
        return Optional.of(lead.apply(pchannel))
                .filter(KafkaWals::exceedsClockSkew)
                .map(Duration::toMillis);
    }
}
