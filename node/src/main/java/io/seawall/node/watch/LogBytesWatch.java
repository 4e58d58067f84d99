package io.seawall.node.watch;

import io.seawall.node.metrics.NodeMetrics;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.PChannel;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures how much of the brokers' disks the logs of this node take. One thread calls {@link #refresh} periodically; it does
 * not block.
 */
final class LogBytesWatch {
    private static final Logger LOG = LoggerFactory.getLogger(LogBytesWatch.class);

    private final Supplier<List<PChannel>> own;
    private final Function<Collection<PChannel>, CompletableFuture<Map<PChannel, Long>>> ask;
    private volatile Map<PChannel, Long> last = Map.of(); // written when an answer comes, read at each scrape

    /**
     * Creates a watch.
     *
     * @param own the pchannels to ask for
     * @param ask requests the size of each pchannel in bytes, and leaves out unknown ones
     */
    LogBytesWatch(
            Supplier<List<PChannel>> own, Function<Collection<PChannel>, CompletableFuture<Map<PChannel, Long>>> ask) {
        this.own = own;
        this.ask = ask;
    }

    /** Registers a gauge of the last sizes. */
    void bind(NodeMetrics metrics) {
        metrics.gaugeOfEach("seawall.log", "disk space that the log takes on its leader", "bytes", () -> last);
    }

    void refresh() {
        var pchannels = own.get();
        if (pchannels.isEmpty()) {
            last = Map.of();
            return;
        }
        var unused = ask.apply(pchannels).whenComplete((answer, failure) -> {
            if (failure == null) {
                last = Map.copyOf(answer);
            } else {
                LOG.atDebug().addKeyValue("error", FutureErrors.text(failure)).log("cannot read the size of the logs");
            }
        });
    }
}
