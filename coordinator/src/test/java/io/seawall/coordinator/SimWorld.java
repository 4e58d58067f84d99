package io.seawall.coordinator;

import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.coordinator.meta.MetaRecord.Topic;
import io.seawall.coordinator.placement.Changes;
import io.seawall.coordinator.placement.Command;
import io.seawall.coordinator.placement.PlacementSettings;
import io.seawall.coordinator.placement.Planner;
import io.seawall.coordinator.placement.Situation.Hint;
import io.seawall.coordinator.placement.Situation.Moment;
import io.seawall.wal.PChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** A small cluster in one thread: simulated time, one seeded source of chance, nodes that fail in every way. */
final class SimWorld {
    static final long TICK_MS = 100;
    private static final Instant START = Instant.parse("2026-11-30T08:00:00Z");

    static final PlacementSettings SETTINGS = new PlacementSettings(
            new PlacementSettings.Absence(
                    Duration.ofSeconds(5), Duration.ofSeconds(6), Duration.ofSeconds(1), Duration.ofSeconds(5)),
            new PlacementSettings.Bounds(3, 2, Duration.ofSeconds(20)),
            new PlacementSettings.Patience(
                    Duration.ofSeconds(8), Duration.ofSeconds(40), Duration.ofSeconds(6), Duration.ofSeconds(3)),
            new PlacementSettings.Pauses(
                    Duration.ofMillis(400),
                    Duration.ofSeconds(8),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(20)));

    private final SplittableRandom random;
    private final SimTopic topic = new SimTopic();
    private final SimGroup group = new SimGroup(SETTINGS.absence().session().toMillis());
    private final Map<PChannel, SimLog> logs = new TreeMap<>();
    private final Map<String, SimNode> alive = new TreeMap<>();
    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::atMs).thenComparingLong(Task::order));
    private final Map<String, Integer> counts = new HashMap<>();
    private final Set<String> hinted = new HashSet<>();
    private final SimJudge judge;
    private final StringBuilder trace = new StringBuilder();
    private final boolean traced;
    private long nowMs;
    private long order;
    private long nonces;
    private long incarnations;
    private boolean healed;

    private record Task(long atMs, long order, Runnable work) {}

    SimWorld(long seed, boolean traced) {
        this.random = new SplittableRandom(seed);
        this.traced = traced;
        this.judge = new SimJudge(this);
    }

    SimTopic topic() {
        return topic;
    }

    SimGroup group() {
        return group;
    }

    SimJudge judge() {
        return judge;
    }

    SimLog log(PChannel pchannel) {
        return logs.computeIfAbsent(pchannel, SimLog::new);
    }

    Map<PChannel, SimLog> logs() {
        return logs;
    }

    Map<String, SimNode> alive() {
        return alive;
    }

    Map<String, Integer> counts() {
        return counts;
    }

    void hinted(Hint hint) {
        hinted.add(hint.incarnation());
        tell("hint " + hint);
    }

    boolean wasHinted(String incarnation) {
        return hinted.contains(incarnation);
    }

    void count(String event) {
        counts.merge(event, 1, Integer::sum);
    }

    long nowMs() {
        return nowMs;
    }

    Instant wall() {
        return START.plusMillis(nowMs);
    }

    String trace() {
        return trace.toString();
    }

    void tell(String line) {
        if (traced) {
            trace.append(nowMs).append(' ').append(line).append('\n');
        }
    }

    SplittableRandom random() {
        return random;
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    String nonce() {
        nonces++;
        return "nonce-" + nonces;
    }

    void later(long delayMs, Runnable work) {
        order++;
        tasks.add(new Task(nowMs + delayMs, order, work));
    }

    long writeMs() {
        return !healed && chance(0.02) ? random.nextLong(500, 9_000) : random.nextLong(5, 60);
    }

    boolean answerIsLost() {
        return !healed && chance(0.02);
    }

    long joinMs() {
        return random.nextLong(0, 3_000);
    }

    long readPauseMs() {
        return !healed && chance(0.05) ? random.nextLong(200, 1_500) : 0;
    }

    long openingMs(PChannel pchannel) {
        return log(pchannel).isSlow(nowMs) ? random.nextLong(10_000, 60_000) : random.nextLong(20, 700);
    }

    long closingMs() {
        return !healed && chance(0.03) ? random.nextLong(2_000, 12_000) : random.nextLong(10, 200);
    }

    Observation observation(String memberId, List<Hint> hints) {
        var members = healed || chance(0.9) ? Optional.of(group.describe()) : Optional.<Set<String>>empty();
        return new Observation(memberId, members, Map.of(), hints, new Moment(nowMs, wall()));
    }

    void commit(Owner writer, Changes changes) {
        judge.onCommit(writer, changes);
        topic.write(changes);
        tell(writer.node() + " writes " + changes);
    }

    void addTopic(String name, int pchannels) {
        topic.append(new Topic(name, pchannels));
        for (var partition = 0; partition < pchannels; partition++) {
            log(new PChannel(name, partition));
        }
    }

    SimNode start(String id) {
        incarnations++;
        var node = new SimNode(this, new Owner(id, id + "-" + incarnations), new Planner(SETTINGS));
        alive.put(id, node);
        tell("start " + node.self());
        return node;
    }

    void kill(String id) {
        alive.remove(id);
        tell("kill " + id);
    }

    /** The group is loaded by another broker. */
    void load() {
        group.loading(true);
        tell("the group is being loaded");
        later(random.nextLong(500, 9_000), () -> {
            group.loading(false);
            tell("the group is loaded");
        });
    }

    void heal() {
        healed = true;
        tell("heal");
        group.loading(false);
        alive.values().forEach(SimNode::heal);
        logs.values().forEach(log -> {
            log.failUntil(0);
            log.slowUntil(0);
            log.lost(false);
        });
    }

    boolean isHealed() {
        return healed;
    }

    /** One tick of simulated time. */
    void tick() {
        nowMs += TICK_MS;
        while (!tasks.isEmpty() && tasks.peek().atMs() <= nowMs) {
            tasks.remove().work().run();
        }
        group.expire(nowMs);
        var inOrder = new ArrayList<>(alive.values());
        if (!inOrder.isEmpty() && !healed) {
            var first = random.nextInt(inOrder.size());
            inOrder.add(inOrder.remove(first));
        }
        inOrder.forEach(SimNode::step);
        judge.onTick();
    }

    void run(Duration time) {
        for (var end = nowMs + time.toMillis(); nowMs < end; ) {
            tick();
        }
    }

    Optional<SimNode> leader() {
        return alive.values().stream()
                .filter(node -> node.coordinator().isLeading())
                .filter(node -> group.holder().equals(node.self().node()))
                .findFirst();
    }

    /** Asks the coordinator for a change; returns whether it was taken. */
    boolean ask(Command command) {
        var leader = leader();
        return leader.isPresent() && leader.get().ask(command);
    }
}
