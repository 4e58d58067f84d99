package io.seawall.node.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.seawall.node.ports.PChannelState;
import io.seawall.node.ports.PChannelStatus;
import io.seawall.wal.PChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/** The meters of a node. Tags are pchannel, result, route and the like, never an LSN or a term. */
public final class NodeMetrics implements AutoCloseable {
    private static final String APPENDED_BYTES = "seawall.append.bytes";
    private static final Duration FASTEST = Duration.ofNanos(250_000);
    private static final Duration SLOWEST = Duration.ofSeconds(30);

    private final PrometheusMeterRegistry registry;
    private final JvmGcMetrics gc = new JvmGcMetrics();
    private final MultiGauge states;
    private final MultiGauge tails;
    private final MultiGauge flushed;
    private final Supplier<List<PChannelStatus>> pchannels;
    private final List<Runnable> beforeScrape = new CopyOnWriteArrayList<>();

    /**
     * Creates a registry with the meters of the JVM.
     *
     * @param pchannels the pchannels that this node has an expectation for; called at each scrape, must not block
     */
    public NodeMetrics(Supplier<List<PChannelStatus>> pchannels) {
        this.pchannels = pchannels;
        registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new ClassLoaderMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        gc.bindTo(registry);
        states = MultiGauge.builder("seawall.pchannel.state")
                .description("1 for the state that the pchannel is in on this node, 0 for the others")
                .register(registry);
        tails = MultiGauge.builder("seawall.pchannel.tail")
                .description("the next LSN to be assigned")
                .register(registry);
        flushed = MultiGauge.builder("seawall.pchannel.flushed")
                .description("the LSN below which every record is in a segment")
                .register(registry);
    }

    /** Returns the registry, for binders such as those of the Kafka clients. */
    public MeterRegistry registry() {
        return registry;
    }

    /** Starts a measurement by the registry's clock. */
    public Timer.Sample start() {
        return Timer.start(registry);
    }

    /**
     * Counts an append that was answered.
     *
     * @param pchannel the log
     * @param records how many records the batch had
     * @param bytes their size: keys, values, headers
     * @param result {@code ok}, {@code repeated} if the log had the batch already, or the code of the error in lower case
     * @param sample started when the batch was handed to the log
     */
    public void appended(PChannel pchannel, int records, long bytes, String result, Timer.Sample sample) {
        var tags = Tags.of("pchannel", pchannel.toString(), "result", result);
        counter("seawall.append.records", "records of answered appends", tags).increment((double) records);
        counter(APPENDED_BYTES, "bytes of answered appends", tags).increment((double) bytes);
        sample.stop(Timer.builder("seawall.append")
                .description("time from handing a batch to the log until its answer")
                .tags("result", result)
                .serviceLevelObjectives(
                        Duration.ofMillis(1),
                        Duration.ofMillis(2),
                        Duration.ofMillis(5),
                        Duration.ofMillis(10),
                        Duration.ofMillis(25),
                        Duration.ofMillis(50),
                        Duration.ofMillis(100),
                        Duration.ofMillis(250),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(30))
                .minimumExpectedValue(FASTEST)
                .maximumExpectedValue(SLOWEST)
                .register(registry));
    }

    /** Returns how many bytes of each log were acknowledged so far: keys, values, headers. Does not block. */
    public Map<PChannel, Long> appendedBytes() {
        var bytes = new HashMap<PChannel, Long>();
        for (var counter : registry.find(APPENDED_BYTES).tag("result", "ok").counters()) {
            var pchannel = counter.getId().getTag("pchannel");
            if (pchannel != null) {
                bytes.put(PChannel.parse(pchannel), (long) counter.count());
            }
        }
        return bytes;
    }

    /** Counts records that were read for a client. */
    public void read(PChannel pchannel, long records) {
        counter("seawall.read.records", "records read by clients", Tags.of("pchannel", pchannel.toString()))
                .increment((double) records);
    }

    /**
     * Counts an HTTP request that was answered.
     *
     * @param route the path's template, or {@code none}
     * @param method the request's method
     * @param status the answer's status
     * @param sample started when the request arrived
     */
    public void request(String route, String method, int status, Timer.Sample sample) {
        sample.stop(Timer.builder("seawall.http.requests")
                .description("HTTP requests until the last byte of the answer")
                .tags("route", route, "method", method, "status", Integer.toString(status))
                .register(registry));
    }

    /** Counts a request that was refused because a queue or pool of the node was full. */
    public void refused(String pool) {
        counter("seawall.http.refused", "requests refused because a pool was full", Tags.of("pool", pool))
                .increment();
    }

    /**
     * Counts a request of HTTP or gRPC that was refused by the access file.
     *
     * @param reason why, as in {@code missing}
     */
    public void accessRefused(String reason) {
        counter(
                        "seawall.access.refused",
                        "requests that were refused because of who sends them",
                        Tags.of("reason", reason))
                .increment();
    }

    /**
     * Counts a request that was held because its log had no owner for a moment.
     *
     * @param protocol {@code http} or {@code grpc}
     * @param owner where the log was open in the end: {@code here}, {@code elsewhere}, or {@code none} if the time was over
     */
    public void held(String protocol, String owner) {
        counter(
                        "seawall." + protocol + ".held.requests",
                        "requests that waited for an owner of their log",
                        Tags.of("owner", owner))
                .increment();
    }

    /**
     * Counts a gRPC call that has ended.
     *
     * @param method its name, such as {@code LogService/Append}
     * @param status gRPC's status code, such as {@code OK}
     */
    public void call(String method, String status) {
        counter("seawall.grpc.calls", "gRPC calls that have ended", Tags.of("method", method, "status", status))
                .increment();
    }

    /**
     * Counts gRPC calls and connections that were refused or ended because a limit was reached.
     *
     * @param limit the limit: {@code calls}, {@code readers}, {@code work}, {@code batches}, {@code connections}, {@code slow} or
     *     {@code stalled}
     */
    public void limited(String limit) {
        counter(
                        "seawall.grpc.limited",
                        "calls and connections that were refused or ended at a limit",
                        Tags.of("limit", limit))
                .increment();
    }

    /**
     * Counts a client that was disconnected because it was too slow.
     *
     * @param part what was too slow: {@code head} or {@code body} of a request, or {@code answer}
     */
    public void slow(String part) {
        counter(
                        "seawall.http.slow",
                        "clients disconnected because they sent or received too slowly",
                        Tags.of("part", part))
                .increment();
    }

    /**
     * Counts a connection that was refused or closed.
     *
     * @param reason {@code node} if the node has its maximum of connections, {@code address} if the client's address has,
     *     {@code spare} if a later connection took the place that was reserved for health and metrics
     */
    public void refusedConnection(String reason) {
        counter("seawall.http.connections.refused", "connections that were not served", Tags.of("reason", reason))
                .increment();
    }

    /** Registers a gauge, for a value such as the number of open readers. */
    public void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(registry);
    }

    /**
     * Registers a gauge with a value for each pchannel.
     *
     * @param unit the base unit, which ends the meter's name
     * @param values returns the values; called at each scrape, must not block
     */
    public void gaugeOfEach(
            String name, String description, String unit, Supplier<? extends Map<PChannel, ? extends Number>> values) {
        var gauge =
                MultiGauge.builder(name).description(description).baseUnit(unit).register(registry);
        beforeScrape(() -> {
            var rows = new ArrayList<MultiGauge.Row<?>>();
            values.get()
                    .forEach((pchannel, value) ->
                            rows.add(MultiGauge.Row.of(Tags.of("pchannel", pchannel.toString()), value)));
            gauge.register(rows, true);
        });
    }

    /** Registers a counter whose value only grows. */
    public void count(String name, String description, ToDoubleSupplier value) {
        // A meter refers weakly to the object that it reads, but strongly to the function.
        FunctionCounter.builder(name, this, self -> value.get())
                .description(description)
                .register(registry);
    }

    /** Supplies a number; the meter keeps a strong reference to it. */
    @FunctionalInterface
    public interface ToDoubleSupplier {
        double get();
    }

    /** Registers an update that runs at each scrape, before the values are read; must not block. */
    public void beforeScrape(Runnable update) {
        beforeScrape.add(update);
    }

    /** Returns all meters in Prometheus' text format, version 0.0.4. */
    public String scrape() {
        var now = pchannels.get();
        states.register(stateRows(now), true);
        tails.register(rows(now, PChannelStatus.Positions::tail), true);
        flushed.register(rows(now, PChannelStatus.Positions::flushed), true);
        beforeScrape.forEach(Runnable::run);
        return registry.scrape();
    }

    private static List<MultiGauge.Row<?>> stateRows(List<PChannelStatus> statuses) {
        var rows = new ArrayList<MultiGauge.Row<?>>();
        for (var status : statuses) {
            for (var state : PChannelState.values()) {
                var tags = Tags.of("pchannel", status.pchannel().toString(), "state", lower(state));
                rows.add(MultiGauge.Row.of(tags, state == status.state() ? 1 : 0));
            }
        }
        return rows;
    }

    private static List<MultiGauge.Row<?>> rows(
            List<PChannelStatus> statuses, ToLongFunction<PChannelStatus.Positions> value) {
        var rows = new ArrayList<MultiGauge.Row<?>>();
        for (var status : statuses) {
            var positions = status.positions();
            if (positions != null) {
                rows.add(MultiGauge.Row.of(
                        Tags.of("pchannel", status.pchannel().toString()), value.applyAsLong(positions)));
            }
        }
        return rows;
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private Counter counter(String name, String description, Tags tags) {
        return Counter.builder(name).description(description).tags(tags).register(registry);
    }

    @Override
    public void close() {
        gc.close();
        registry.close();
    }
}
