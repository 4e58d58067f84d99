package io.seawall.clustersim;

import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.coordinator.placement.PlacementSettings;
import io.seawall.flusher.FlusherSettings;
import io.seawall.flusher.segment.SegmentCodec;
import io.seawall.kafkasim.EventLoop;
import io.seawall.kafkasim.Faults;
import io.seawall.kafkasim.SimKafka;
import io.seawall.kafkasim.Trace;
import io.seawall.kafkasim.Violations;
import io.seawall.wal.PChannel;
import io.seawall.walkafka.settings.WalSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Everything that belongs to one run: simulated time, Kafka, the group, the meta topic, the processes and the judges. */
final class World implements AutoCloseable {
    static final PlacementSettings PLACEMENT = new PlacementSettings(
            new PlacementSettings.Absence(
                    Duration.ofSeconds(5), Duration.ofSeconds(6), Duration.ofSeconds(1), Duration.ofSeconds(5)),
            new PlacementSettings.Bounds(3, 2, Duration.ofSeconds(20)),
            new PlacementSettings.Patience(
                    Duration.ofSeconds(8), Duration.ofSeconds(60), Duration.ofSeconds(10), Duration.ofSeconds(3)),
            new PlacementSettings.Pauses(
                    Duration.ofMillis(200),
                    Duration.ofSeconds(8),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(20)));

    private static final WalSettings SETTINGS = new WalSettings(
            new WalSettings.Lease(Duration.ofMillis(800), Duration.ofMillis(800), 3_000, 8_000, 4_000),
            new WalSettings.Limits(4_000, 12_000, 1_000),
            new WalSettings.Timeouts(
                    Duration.ofSeconds(12),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(5),
                    Duration.ofMillis(300)),
            WalSettings.Ack.REPLICATED);

    private final EventLoop loop = new EventLoop();
    private final Faults faults;
    private final Trace trace;
    private final SimKafka kafka;
    private final Violations violations = new Violations();
    private final MetaLog meta = new MetaLog(this);
    private final GroupModel group =
            new GroupModel(this, PLACEMENT.absence().session().toMillis());
    private final ClusterJudge judge = new ClusterJudge(this);
    private final SimStore store = new SimStore();
    private final SegmentJudge segments = new SegmentJudge(this, store);
    private final FlusherSettings flushing;
    private final Path spools;
    private final List<SimMember> everyone = new ArrayList<>();
    private final Map<PChannel, LogTruth> logs = new TreeMap<>();
    private final Map<String, SimMember> alive = new TreeMap<>();
    private final List<SimMember> zombies = new ArrayList<>();
    private final Map<String, Integer> counts = new TreeMap<>();
    private int nonces;
    private int incarnations;
    private boolean healed;
    private int flushSteps;
    private long storeAwayUntilMs;

    World(long seed, boolean traced) {
        this.faults = Faults.of(seed);
        this.trace = new Trace(loop, traced);
        this.kafka = new SimKafka(loop, faults, trace, SimKafka.Events.IGNORED, new SimKafka.Options(20_000, 32_766));
        this.spools = newFolder();
        this.flushing = flushing(spools);
        after(SimMember.TICK_MS, this::watch);
    }

    private static Path newFolder() {
        try {
            return Files.createTempDirectory("cluster-sim-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Segments are small, so that there are many. */
    private FlusherSettings flushing(Path folder) {
        var codec = random().nextInt(2) == 0 ? SegmentCodec.ZSTANDARD : SegmentCodec.DEFLATE;
        var keep = List.of(
                        FlusherSettings.Retention.FOREVER,
                        new FlusherSettings.Retention(0, Duration.ofMillis(-1)),
                        new FlusherSettings.Retention(random().nextLong(1, 500), Duration.ofMillis(-1)),
                        new FlusherSettings.Retention(-1, Duration.ofMillis(random().nextLong(0, 5_000))))
                .get(random().nextInt(4));
        var defaults = FlusherSettings.defaults(folder);
        var spoolBytes = chance(0.2)
                ? random().nextLong(200, 2_000)
                : defaults.spooling().maxBytes();
        return new FlusherSettings(
                new FlusherSettings.Sealing(
                        random().nextLong(20, 400), Duration.ofMillis(random().nextLong(200, 3_000)), codec),
                new FlusherSettings.Spooling(folder, spoolBytes),
                defaults.memory(),
                keep,
                defaults.work(),
                new FlusherSettings.Backoff(Duration.ofMillis(200), Duration.ofSeconds(3)));
    }

    /** Returns the settings of a process's flusher, which has a folder of its own. */
    FlusherSettings flushing(String incarnation) {
        return flushing.with(new FlusherSettings.Spooling(
                spools.resolve(incarnation), flushing.spooling().maxBytes()));
    }

    /** Passes the result or the error of a future to a listener. */
    @SuppressWarnings("FutureReturnValueIgnored")
    static <T> void listen(CompletableFuture<T> future, BiConsumer<@Nullable T, @Nullable Throwable> listener) {
        future.whenComplete(listener);
    }

    EventLoop loop() {
        return loop;
    }

    SimKafka kafka() {
        return kafka;
    }

    WalSettings settings() {
        return SETTINGS;
    }

    MetaLog meta() {
        return meta;
    }

    GroupModel group() {
        return group;
    }

    ClusterJudge judge() {
        return judge;
    }

    SimStore store() {
        return store;
    }

    SegmentJudge segments() {
        return segments;
    }

    /** Returns how many steps of flushers have begun and not ended, each inside the one before. */
    int flushSteps() {
        return flushSteps;
    }

    void flushStep(int change) {
        flushSteps += change;
    }

    boolean isStoreAway() {
        return nowMs() < storeAwayUntilMs;
    }

    /** The store answers nobody for a while. */
    void storeAway(long forMs) {
        tell(() -> "the store is away for " + forMs);
        storeAwayUntilMs = Math.max(storeAwayUntilMs, nowMs() + forMs);
    }

    Map<PChannel, LogTruth> logs() {
        return logs;
    }

    /** Returns the last process of each node that has one. */
    Map<String, SimMember> alive() {
        return alive;
    }

    /** Returns the processes that live although their node has a later one. */
    List<SimMember> zombies() {
        return zombies;
    }

    Map<String, Integer> counts() {
        return counts;
    }

    Trace trace() {
        return trace;
    }

    SplittableRandom random() {
        return faults.random();
    }

    boolean chance(double probability) {
        return random().nextDouble() < probability;
    }

    long nowMs() {
        return loop.nowUs() / 1_000;
    }

    void after(long delayMs, Runnable task) {
        loop.after(delayMs * 1_000, task);
    }

    void count(String event) {
        counts.merge(event, 1, Integer::sum);
    }

    void tell(Supplier<String> line) {
        trace.add(line);
    }

    void violated(String what) {
        tell(() -> "VIOLATION " + what);
        violations.report(nowMs() + " ms: " + what);
    }

    void check(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            violated(otherwise.get());
        }
    }

    Violations violations() {
        return violations;
    }

    boolean isSound() {
        return violations.first() == null;
    }

    String nonce() {
        nonces++;
        return "nonce-" + nonces;
    }

    long writeMs() {
        return !healed && chance(0.02) ? random().nextLong(500, 9_000) : random().nextLong(1, 30);
    }

    boolean answerIsLost() {
        return !healed && chance(0.015);
    }

    long readMs() {
        return !healed && chance(0.02) ? random().nextLong(200, 1_500) : random().nextLong(1, 30);
    }

    long markerMs() {
        return !healed && chance(0.03) ? random().nextLong(100, 1_000) : random().nextLong(1, 8);
    }

    void metaGrew() {
        alive.values().forEach(member -> member.topic().grew());
        zombies.forEach(member -> member.topic().grew());
    }

    void createTopic(String name, int pchannels) {
        for (var partition = 0; partition < pchannels; partition++) {
            var pchannel = new PChannel(name, partition);
            logs.put(pchannel, new LogTruth(this, pchannel, violations));
        }
    }

    SimMember start(String node) {
        incarnations++;
        var owner = new Owner(node, node + "-" + incarnations);
        tell(() -> "start " + owner);
        var made = new SimMember(this, owner);
        alive.put(node, made);
        everyone.add(made);
        return made;
    }

    void kill(SimMember member) {
        tell(() -> "kill " + member.self());
        member.process().kill();
        alive.remove(member.self().node(), member);
        zombies.remove(member);
    }

    /** A supervisor takes a process for dead and starts the next one, while it lives. */
    void outlive(SimMember member) {
        tell(() -> "a zombie: " + member.self());
        alive.remove(member.self().node(), member);
        zombies.add(member);
    }

    @Nullable
    SimMember aliveOf(String node) {
        return alive.get(node);
    }

    /** Returns a process that is the last one of its node and was not killed, or null. */
    @Nullable
    SimMember processOf(Owner owner) {
        var member = alive.get(owner.node());
        return member != null && member.self().equals(owner) ? member : null;
    }

    /** Returns any process that runs, zombies included, or null. */
    @Nullable
    SimMember anyRunning() {
        var running = new ArrayList<SimMember>();
        alive.values().forEach(running::add);
        running.addAll(zombies);
        running.removeIf(member -> !member.process().isRunning());
        return running.isEmpty() ? null : running.get(random().nextInt(running.size()));
    }

    /** Returns the process that decides, as far as one can see from outside. */
    @Nullable
    SimMember leader() {
        return alive.values().stream()
                .filter(member ->
                        member.process().isRunning() && member.member().view().leading())
                .findFirst()
                .orElse(null);
    }

    /** Lets a tick of simulated time pass. */
    void tick() {
        loop.runFor(SimMember.TICK_MS * 1_000);
    }

    /** Runs at every tick, also while something blocks. */
    private void watch() {
        group.tick();
        logs.values().forEach(truth -> truth.log().catchUp());
        segments.checkTrims();
        after(SimMember.TICK_MS, this::watch);
    }

    boolean isHealed() {
        return healed;
    }

    /** Ends all faults. */
    void heal() {
        healed = true;
        tell(() -> "heal");
        faults.calm();
        group.loading(false);
        storeAwayUntilMs = 0;
        List.copyOf(zombies).forEach(this::kill);
        alive.values().forEach(SimMember::heal);
    }

    /** Removes the files of the flushers, which are the only real ones. */
    @Override
    public void close() {
        everyone.forEach(member -> member.flusher().close());
        try (var files = Files.walk(spools)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
