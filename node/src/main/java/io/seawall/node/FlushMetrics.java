package io.seawall.node;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.seawall.flusher.FlushLag;
import io.seawall.flusher.FlushStatus;
import io.seawall.flusher.FlushUsage;
import io.seawall.flusher.Flusher;
import io.seawall.flusher.FlusherEvents;
import io.seawall.flusher.segment.SegmentInfo;
import io.seawall.flusher.store.SegmentStore.PutResult;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Meters of the flusher. Created before the registry, because the flusher is; events before {@link #bind} are not counted. */
final class FlushMetrics implements FlusherEvents {
    private volatile @Nullable MeterRegistry registry; // set once, by bind; read by the flusher's threads

    /**
     * Starts to count, and registers the gauges of the flusher's state.
     *
     * @param metrics the node's meters
     * @param flusher the flusher, which is asked at each scrape
     */
    void bind(NodeMetrics metrics, Flusher flusher) {
        var meters = metrics.registry();
        registry = meters;
        usage(meters, flusher, "seawall.flush.memory", "memory that the flusher accounts for", FlushUsage::memoryBytes);
        usage(
                meters,
                flusher,
                "seawall.flush.memory.budget",
                "limit of the flusher's memory",
                FlushUsage::memoryBudgetBytes);
        usage(meters, flusher, "seawall.spool", "spool on disk, including pending copies", FlushUsage::spoolBytes);
        usage(meters, flusher, "seawall.spool.budget", "limit of the spool on disk", FlushUsage::spoolMaxBytes);
        Gauge.builder("seawall.flush.readers", flusher, from -> from.usage().readers())
                .description("readers that flushing may have open now")
                .register(meters);
        var lagRecords = gauge("seawall.flush.lag.records", "acknowledged records that are in no segment")
                .register(meters);
        var lagSeconds = gauge("seawall.flush.lag", "age of the oldest record that is in no segment")
                .baseUnit("seconds")
                .register(meters);
        var states = gauge("seawall.flush.state", "1 for the current state of flushing, 0 for the others")
                .register(meters);
        var paused = gauge("seawall.flush.paused", "1 if flushing is paused").register(meters);
        var waits = gauge("seawall.flush.waits", "1 if flushing waits for this").register(meters);
        metrics.beforeScrape(() -> {
            var all = List.copyOf(flusher.pchannels());
            lagRecords.register(
                    rows(
                            all,
                            pchannel ->
                                    flusher.lag(pchannel).map(FlushLag::records).orElse(0L)),
                    true);
            lagSeconds.register(
                    rows(
                            all,
                            pchannel -> flusher.lag(pchannel)
                                    .map(lag -> lag.age().toMillis() / 1_000.0)
                                    .orElse(0.0)),
                    true);
            paused.register(
                    rows(
                            all,
                            pchannel -> flusher.status(pchannel)
                                            .map(FlushStatus::paused)
                                            .orElse(false)
                                    ? 1
                                    : 0),
                    true);
            states.register(stateRows(all, flusher), true);
            waits.register(waitRows(all, flusher), true);
        });
    }

    private static MultiGauge.Builder gauge(String name, String description) {
        return MultiGauge.builder(name).description(description);
    }

    private static void usage(
            MeterRegistry meters,
            Flusher flusher,
            String name,
            String description,
            ToDoubleFunction<FlushUsage> value) {
        Gauge.builder(name, flusher, from -> value.applyAsDouble(from.usage()))
                .description(description)
                .baseUnit("bytes")
                .register(meters);
    }

    private static List<Row<?>> rows(List<PChannel> all, Function<PChannel, Number> value) {
        var rows = new ArrayList<Row<?>>();
        for (var pchannel : all) {
            rows.add(Row.of(Tags.of("pchannel", pchannel.toString()), value.apply(pchannel)));
        }
        return rows;
    }

    private static List<Row<?>> stateRows(List<PChannel> all, Flusher flusher) {
        var rows = new ArrayList<Row<?>>();
        for (var pchannel : all) {
            var is = flusher.status(pchannel).map(FlushStatus::state);
            for (var state : FlushStatus.State.values()) {
                var tags = Tags.of("pchannel", pchannel.toString(), "state", lower(state));
                rows.add(Row.of(tags, is.filter(state::equals).isPresent() ? 1 : 0));
            }
        }
        return rows;
    }

    private static List<Row<?>> waitRows(List<PChannel> all, Flusher flusher) {
        var rows = new ArrayList<Row<?>>();
        for (var pchannel : all) {
            var is = flusher.status(pchannel).map(FlushStatus::waitsFor);
            for (var wait : FlushStatus.Wait.values()) {
                if (wait != FlushStatus.Wait.NOTHING) {
                    var tags = Tags.of("pchannel", pchannel.toString(), "for", lower(wait));
                    rows.add(Row.of(tags, is.filter(wait::equals).isPresent() ? 1 : 0));
                }
            }
        }
        return rows;
    }

    @Override
    public void put(PChannel pchannel, PutResult result, SegmentInfo segment, Duration took) {
        var meters = registry;
        if (meters == null) {
            return;
        }
        var tags = Tags.of("pchannel", pchannel.toString());
        counter(
                        meters,
                        "seawall.flush.segments",
                        "segments put; exists: another node was first",
                        tags.and("result", lower(result)))
                .increment();
        Timer.builder("seawall.flush.publish")
                .description("time of putting a segment into the store")
                .tag("result", lower(result))
                .register(meters)
                .record(took);
        if (result == PutResult.PUBLISHED) {
            counter(meters, "seawall.flush.records", "records of published segments", tags)
                    .increment((double) segment.recordCount());
            counter(meters, "seawall.flush.bytes", "bytes of published segments", tags)
                    .increment((double) segment.fileBytes());
            if (segment.isGap()) {
                counter(meters, "seawall.flush.gap.lsns", "LSNs that were trimmed before they were flushed", tags)
                        .increment((double) (segment.nextLsn() - segment.firstLsn()));
            }
        }
    }

    @Override
    public void failed(PChannel pchannel, ErrorCode code) {
        var meters = registry;
        if (meters != null) {
            var tags = Tags.of("pchannel", pchannel.toString(), "result", lower(code));
            counter(meters, "seawall.flush.failures", "failed attempts to flush", tags)
                    .increment();
        }
    }

    @Override
    public void trimmed(PChannel pchannel, boolean done) {
        var meters = registry;
        if (meters != null) {
            var tags = Tags.of("pchannel", pchannel.toString(), "result", done ? "ok" : "failed");
            counter(meters, "seawall.trims", "trims of flushed records", tags).increment();
        }
    }

    private static Counter counter(MeterRegistry meters, String name, String description, Tags tags) {
        return Counter.builder(name).description(description).tags(tags).register(meters);
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
