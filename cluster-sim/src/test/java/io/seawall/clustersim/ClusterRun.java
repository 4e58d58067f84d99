package io.seawall.clustersim;

import io.seawall.coordinator.meta.Assignment.Owned;
import io.seawall.coordinator.meta.Assignment.Phase;
import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.placement.Command;
import io.seawall.coordinator.placement.Situation.Hint;
import io.seawall.kafkasim.SimHistory.Append;
import io.seawall.kafkasim.TxnCoordinator;
import io.seawall.wal.PChannel;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.WalException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One seed: chaos, then everything heals, and the cluster must come to rest with all that was acknowledged. */
final class ClusterRun {
    private static final long CHAOS_MS = 45_000;

    /** Within this time after the end of all faults everything is open, balanced, and writable. */
    static final long CONVERGE_MS = 150_000;

    private static final long REST_MS = 5_000;

    /** Within this time after the last append everything is in segments. */
    private static final long FLUSH_MS = 40_000;

    private static final String TOPIC = "orders";
    private static final String EXTRA = "extra";

    private final World world;
    private final List<String> nodes = new ArrayList<>();
    private final Map<String, Long> startAtMs = new TreeMap<>();
    private final List<Writer> writers = new ArrayList<>();
    private final int pchannels;

    private ClusterRun(long seed, boolean traced) {
        world = new World(seed, traced);
        pchannels = 2 + world.random().nextInt(4);
        var count = 2 + world.random().nextInt(3);
        for (var at = 1; at <= count; at++) {
            nodes.add("n" + at);
            startAtMs.put("n" + at, world.random().nextLong(0, 3_000));
        }
        world.createTopic(TOPIC, pchannels);
        world.createTopic(EXTRA, 2);
        world.logs().forEach((pchannel, truth) -> writers.add(new Writer(world, pchannel, truth)));
    }

    /**
     * What a seed gave.
     *
     * @param violation the first broken promise; empty if none
     * @param convergedMs how long after the end of the faults everything was at rest; -1 if never
     */
    record Report(Optional<String> violation, Map<String, Integer> counts, long convergedMs, String trace) {}

    static Report run(long seed, boolean traced) {
        var run = new ClusterRun(seed, traced);
        var convergedMs = -1L;
        try (var world = run.world) {
            run.chaos();
            if (world.isSound()) {
                convergedMs = run.heal();
            }
        } catch (RuntimeException | AssertionError broken) {
            run.world.violated("the run ends with " + broken);
            if (traced) {
                broken.printStackTrace();
            }
        }
        return new Report(
                Optional.ofNullable(run.world.violations().first()),
                run.world.counts(),
                convergedMs,
                run.world.trace().text());
    }

    /** For a class loader that has a planted bug; the text is empty if nothing is violated. */
    static String violation(long seed) {
        return run(seed, false).violation().orElse("");
    }

    private void chaos() {
        world.after(SimMember.TICK_MS, this::step);
        world.loop().runUntil(() -> world.nowMs() >= CHAOS_MS || !world.isSound(), 2 * CHAOS_MS * 1_000);
    }

    /** Something happens at every tick, also while a process blocks, inside whose call the others then run. */
    private void step() {
        if (world.nowMs() >= CHAOS_MS || world.isHealed() || !world.isSound()) {
            return;
        }
        start();
        write();
        flush();
        disturbProcesses();
        disturbKafka();
        disturbTheGroup();
        disturbTheStore();
        operate();
        world.after(SimMember.TICK_MS, this::step);
    }

    private void start() {
        for (var node : nodes) {
            var atMs = startAtMs.get(node);
            if (atMs != null && world.nowMs() >= atMs) {
                startAtMs.remove(node);
                world.start(node);
            }
        }
        if (world.judge().assignments().keySet().stream()
                .noneMatch(pchannel -> pchannel.topic().equals(TOPIC))) {
            ask(new Command.AddTopic(TOPIC, pchannels));
        }
    }

    private void write() {
        for (var writer : writers) {
            if (world.chance(0.3)) {
                writer.step();
            }
        }
    }

    private void flush() {
        var member = any();
        if (member == null || !member.process().isRunning() || !world.chance(0.03)) {
            return;
        }
        var open = List.copyOf(member.open().keySet());
        if (!open.isEmpty()) {
            try {
                member.flusher()
                        .flush(member.lifetimes().get(open.get(world.random().nextInt(open.size()))));
            } catch (WalException notOwned) {
                world.count("flushes refused");
            }
        }
    }

    private void ask(Command command) {
        var leader = world.leader();
        if (leader != null) {
            World.listen(leader.member().command(command), (done, error) -> {
                if (error != null) {
                    world.count("commands refused");
                }
            });
        }
    }

    private @Nullable SimMember any() {
        var alive = List.copyOf(world.alive().values());
        return alive.isEmpty() ? null : alive.get(world.random().nextInt(alive.size()));
    }

    private long between(long least, long most) {
        return world.random().nextLong(least, most);
    }

    private void disturbProcesses() {
        var member = any();
        if (member == null) {
            return;
        }
        var draw = world.random().nextInt(10_000);
        if (draw < 60) {
            kill(member);
        } else if (draw < 90) {
            world.count("pauses");
            member.pause(between(200, 20_000));
        } else if (draw < 110) {
            replace(member);
        } else if (draw < 130) {
            world.count("cut off from Kafka");
            member.cutOff(between(500, 20_000));
        } else if (draw < 150) {
            world.count("cut off from the meta topic");
            if (world.chance(0.5)) {
                member.deaf(between(500, 20_000));
            } else {
                member.blind(between(500, 15_000));
            }
        } else if (draw < 170) {
            world.count("cut off from the group");
            member.lonely(between(500, 20_000));
        } else if (draw < 200) {
            world.count("wrong hints");
            hint(member);
        } else if (draw < 255 && draw >= 225) {
            electTheBlind();
        } else if (draw < 225 && !member.isLeaving()) {
            world.count("leaves");
            member.leave();
        }
        for (var each : List.copyOf(world.alive().values())) {
            if (each.isLeaving() && (each.open().isEmpty() || world.chance(0.01))) {
                end(each);
            }
        }
        for (var zombie : List.copyOf(world.zombies())) {
            if (world.chance(0.005)) {
                world.kill(zombie);
            }
        }
    }

    private void kill(SimMember member) {
        world.count("kills");
        world.kill(member);
        startAtMs.put(member.self().node(), world.nowMs() + between(100, world.chance(0.7) ? 4_000 : 20_000));
        // Some hints never come, and some are late: about a process that has a successor by then.
        if (world.chance(0.6)) {
            world.count("hints");
            world.after(between(20, world.chance(0.8) ? 400 : 8_000), () -> hint(member));
        }
    }

    /** The process left by itself, as a node does that is stopped. */
    private void end(SimMember member) {
        member.member().close();
        world.kill(member);
        startAtMs.put(member.self().node(), world.nowMs() + between(500, 10_000));
    }

    /** A process stands still, is replaced by the next one of its node, and goes on. */
    private void replace(SimMember member) {
        world.count("zombies");
        member.pause(between(500, 15_000));
        world.outlive(member);
        startAtMs.put(member.self().node(), world.nowMs() + between(100, 3_000));
    }

    /** The coordinator decides, and dies before any of the others has read that: one of them follows it. */
    private void electTheBlind() {
        var leader = world.leader();
        if (leader == null || world.alive().size() < 2) {
            return;
        }
        world.count("blind elections");
        for (var peer : List.copyOf(world.alive().values())) {
            if (peer != leader) {
                peer.blind(between(2_000, 12_000));
            }
        }
        // A third process dies too, so that the coordinator has something to decide.
        var victim = any();
        if (victim != null && victim != leader && world.alive().size() > 2) {
            kill(victim);
        }
        var log = new PChannel(TOPIC, world.random().nextInt(pchannels));
        ask(new Command.PinLog(log, nodes.get(world.random().nextInt(nodes.size())), "test"));
        ask(new Command.AddTopic(EXTRA, 2));
        world.after(between(300, 2_500), () -> {
            if (!world.isHealed() && world.alive().containsValue(leader)) {
                kill(leader);
            }
        });
    }

    private void hint(SimMember member) {
        var by = any();
        if (by == null || by == member) {
            return;
        }
        var hint = new Hint(
                member.self().node(), member.self().incarnation(), by.self().node());
        world.tell(() -> "hint " + hint);
        world.judge().onHint(member.self().incarnation());
        for (var peer : List.copyOf(world.alive().values())) {
            if (peer != member) {
                peer.process().after(between(1, 300), () -> peer.member().suspect(hint));
            }
        }
    }

    private void disturbKafka() {
        if (!world.chance(0.01)) {
            return;
        }
        var truths = List.copyOf(world.logs().values());
        var partition = truths.get(world.random().nextInt(truths.size())).partition();
        switch (world.random().nextInt(4)) {
            case 0 -> partition.changeLeader(between(0, 3_000_000), between(0, 2_000_000));
            case 1 -> partition.stallReplication(between(1_000, 5_000_000));
            case 2 -> {
                for (var coordinator : List.copyOf(world.kafka().coordinators())) {
                    if (world.chance(0.3)) {
                        coordinator.move(between(0, 3_000_000));
                    }
                }
            }
            default -> {
                if (world.chance(0.2)) {
                    List.copyOf(world.kafka().coordinators()).forEach(TxnCoordinator::expire);
                }
            }
        }
    }

    private void disturbTheGroup() {
        if (world.chance(0.0015)) {
            world.count("groups deleted");
            world.tell(() -> "the group is deleted");
            world.group().delete();
        }
        if (world.chance(0.002)) {
            world.count("groups loaded");
            world.tell(() -> "the group is loaded");
            world.group().loading(true);
            world.after(between(500, 9_000), () -> world.group().loading(false));
        }
        if (world.chance(0.02)) {
            world.count("compactions");
            world.meta().compact(world.meta().stable() - between(0, 20));
        }
    }

    private void disturbTheStore() {
        if (world.chance(0.004)) {
            world.count("store away");
            world.storeAway(between(300, 10_000));
        }
        var member = any();
        if (member != null && world.chance(0.004)) {
            world.count("cut off from the store");
            member.storeless(between(500, 20_000));
        }
    }

    private void operate() {
        if (!world.chance(0.02)) {
            return;
        }
        var node = nodes.get(world.random().nextInt(nodes.size()));
        var log = new PChannel(TOPIC, world.random().nextInt(pchannels));
        switch (world.random().nextInt(9)) {
            case 0 -> ask(new Command.PinLog(log, node, "test"));
            case 1 -> ask(new Command.UnpinLog(log));
            case 2 -> ask(new Command.DrainNode(node, world.chance(0.2), "test"));
            case 3 -> ask(new Command.ResumeNode(node));
            case 4 -> ask(new Command.FreezeMoves(MetaKey.freezeAll(), "test", Optional.of(Duration.ofSeconds(5))));
            case 5, 6 -> ask(new Command.AddTopic(EXTRA, 2));
            default -> ask(new Command.RemoveTopic(EXTRA));
        }
    }

    /** Ends all faults; returns how long it took to come to rest. */
    private long heal() {
        world.heal();
        for (var member : List.copyOf(world.alive().values())) {
            if (member.isLeaving()) {
                world.kill(member);
            }
        }
        nodes.stream().filter(node -> !world.alive().containsKey(node)).forEach(world::start);
        var fromMs = world.nowMs();
        while (world.isSound() && world.nowMs() < fromMs + CONVERGE_MS && !isAtRest()) {
            world.tick();
            if (world.nowMs() % 1_000 < SimMember.TICK_MS) {
                takeOrdersBack();
            }
        }
        var convergedMs = world.nowMs() - fromMs;
        if (world.isSound()) {
            judgeTheEnd();
        }
        return convergedMs;
    }

    private void takeOrdersBack() {
        var leader = world.leader();
        if (leader == null) {
            return;
        }
        var state = leader.member().view().state();
        state.drains().forEach(drain -> ask(new Command.ResumeNode(drain.node())));
        state.pins().forEach(pin -> ask(new Command.UnpinLog(pin.pchannel())));
        if (state.topic(TOPIC).isEmpty()) {
            ask(new Command.AddTopic(TOPIC, pchannels));
        }
    }

    private boolean isAtRest() {
        return world.nowMs() - world.judge().lastChangeMs() > REST_MS
                && troubles().isEmpty();
    }

    /** Returns what is not as it has to be at rest. */
    private List<String> troubles() {
        var troubles = new ArrayList<String>();
        var wanted = new TreeMap<String, TreeSet<String>>();
        var loads = new TreeMap<String, Integer>();
        nodes.forEach(node -> loads.put(node, 0));
        for (var partition = 0; partition < pchannels; partition++) {
            if (!world.judge().assignments().containsKey(new PChannel(TOPIC, partition))) {
                troubles.add("log " + partition + " has no assignment");
            }
        }
        for (var assignment : world.judge().assignments().values()) {
            if (assignment instanceof Owned owned) {
                loads.merge(owned.owner().node(), 1, Integer::sum);
                wanted.computeIfAbsent(owned.owner().incarnation(), key -> new TreeSet<>())
                        .add(owned.pchannel() + "@" + owned.term());
            } else if (assignment.phase() != Phase.RETIRED) {
                troubles.add("no owner: " + assignment);
            }
        }
        for (var member : world.alive().values()) {
            var open = new TreeSet<String>();
            member.open().forEach((pchannel, term) -> open.add(pchannel + "@" + term));
            var mine = wanted.getOrDefault(member.self().incarnation(), new TreeSet<>());
            wanted.remove(member.self().incarnation());
            if (!open.equals(mine)) {
                troubles.add(member.self() + " has " + open + " open and owns " + mine);
            }
            if (!member.group().isMember()) {
                troubles.add(member.self() + " is no member");
            }
        }
        wanted.forEach((process, logs) -> troubles.add(process + " is not there and owns " + logs));
        var most = loads.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        var least = loads.values().stream().mapToInt(Integer::intValue).min().orElse(0);
        var leading = world.alive().values().stream()
                .filter(member -> member.member().view().leading())
                .count();
        if (leading != 1) {
            troubles.add(leading + " nodes coordinate");
        }
        if (most - least > 1) {
            troubles.add("not balanced: " + loads);
        }
        return troubles;
    }

    private void judgeTheEnd() {
        troubles().forEach(trouble -> world.violated("liveness: " + trouble));
        world.check(world.nowMs() - world.judge().lastChangeMs() > REST_MS, () -> "liveness: moves do not end");
        world.meta().compact(Long.MAX_VALUE);
        world.check(
                world.meta().replayWhole().equals(world.meta().replayCompacted()),
                () -> "the compacted topic gives another state");
        if (world.isSound()) {
            writeAtTheEnd();
        }
        if (world.isSound()) {
            flushAtTheEnd();
        }
        for (var entry : world.logs().entrySet()) {
            if (world.isSound()) {
                entry.getValue().history().judge();
                world.segments().judgeTheEnd(entry.getKey());
                readAll(entry.getKey(), entry.getValue());
            }
        }
    }

    /** Each log takes an append through its owner. */
    private void writeAtTheEnd() {
        var last = new TreeMap<String, Append>();
        for (var tries = 0; tries < 20; tries++) {
            for (var at = 0; at < writers.size(); at++) {
                var append = writers.get(at).step();
                if (append != null) {
                    last.put(String.valueOf(at), append);
                }
            }
            world.loop().runFor(20_000);
        }
        world.loop().runFor(5_000_000);
        var owned = world.judge().assignments().values().stream()
                .filter(assignment -> assignment.phase() == Phase.OWNED)
                .count();
        world.check(last.size() >= owned, () -> "liveness: only " + last.keySet() + " take appends");
        last.values()
                .forEach(append ->
                        world.check(append.isAcknowledged(), () -> "liveness: " + append + " is not acknowledged"));
    }

    /** Each log that has an owner gets into segments, to its last record. */
    private void flushAtTheEnd() {
        var owned = world.judge().assignments().values().stream()
                .filter(Owned.class::isInstance)
                .map(Owned.class::cast)
                .toList();
        world.loop()
                .runUntil(
                        () -> owned.stream().allMatch(each -> world.segments().isFlushed(each.pchannel())),
                        FLUSH_MS * 1_000);
        for (var each : owned) {
            var pchannel = each.pchannel();
            var member = world.processOf(each.owner());
            var trouble =
                    member == null ? "it has no process" : member.flusher().trouble(pchannel);
            world.check(
                    world.segments().isFlushed(pchannel) && trouble.isEmpty(),
                    () -> "liveness: " + world.segments().progress(pchannel) + " at " + each.owner() + ": " + trouble);
        }
    }

    /** A reader sees all that is still in Kafka, and that begins where the segments end, or before. */
    private void readAll(PChannel pchannel, LogTruth truth) {
        var live = truth.log().live();
        var reader = world.alive().values().iterator().next();
        try (var reading = reader.logs().readers().open(pchannel, StartPosition.oldest(), View.LIVE)) {
            var next = reading.nextLsn();
            var first = next;
            world.check(
                    first <= world.segments().end(pchannel),
                    () -> "segments: a reader of " + pchannel + " begins at LSN " + first + ", and the segments end at "
                            + world.segments().end(pchannel));
            for (var polls = 0; polls < 500 && next < live.size(); polls++) {
                for (var record : reading.poll(100, Duration.ofMillis(50))) {
                    var expected = next;
                    world.check(
                            record.lsn() == expected
                                    && record.lsn() < live.size()
                                    && live.get((int) record.lsn()).data().equals(record.data()),
                            () -> "P3: a reader of " + pchannel + " gives " + record + " at " + expected);
                    next = record.lsn() + 1;
                }
            }
            var end = next;
            world.check(
                    end == live.size(),
                    () -> "liveness: a reader of " + pchannel + " stops at " + end + " of " + live.size());
        } catch (WalException error) {
            world.violated("a reader of " + pchannel + " ends with " + error.getMessage());
        }
    }
}
