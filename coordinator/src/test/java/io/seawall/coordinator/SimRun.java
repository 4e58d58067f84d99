package io.seawall.coordinator;

import io.seawall.coordinator.meta.Assignment;
import io.seawall.coordinator.meta.Assignment.Owned;
import io.seawall.coordinator.meta.Assignment.Phase;
import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.placement.Command;
import io.seawall.coordinator.placement.Situation.Hint;
import io.seawall.wal.PChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One seed: chaos, then everything heals, and the cluster must come to rest. */
final class SimRun {
    private static final Duration CHAOS = Duration.ofSeconds(90);
    private static final Duration CONVERGE = Duration.ofSeconds(150);
    private static final Duration REST = Duration.ofSeconds(12);

    private final SimWorld world;
    private final List<String> ids = new ArrayList<>();
    private final Map<String, Long> restartAtMs = new TreeMap<>();

    private SimRun(long seed, boolean traced) {
        world = new SimWorld(seed, traced);
    }

    /**
     * What a seed gave.
     *
     * @param violation the first broken rule; empty if none
     */
    record Report(Optional<String> violation, Map<String, Integer> counts, String trace) {}

    static Report run(long seed, boolean traced) {
        var run = new SimRun(seed, traced);
        try {
            run.chaos();
            run.heal();
        } catch (AssertionError | RuntimeException broken) {
            run.world.judge().violated(broken.toString());
        }
        return new Report(run.world.judge().violations().stream().findFirst(), run.world.counts(), run.world.trace());
    }

    /** For a class loader that has a planted bug; the text is empty if nothing is violated. */
    static String violation(long seed) {
        return run(seed, false).violation().orElse("");
    }

    private void chaos() {
        var nodes = 2 + world.random().nextInt(3);
        for (var at = 1; at <= nodes; at++) {
            ids.add("n" + at);
        }
        world.addTopic("orders", 3 + world.random().nextInt(8));
        for (var id : ids) {
            restartAtMs.put(id, world.random().nextLong(0, 4_000));
        }
        for (var end = CHAOS.toMillis(); world.nowMs() < end && isSound(); ) {
            world.tick();
            restart();
            disturbNodes();
            disturbLogs();
            disturbTheGroup();
            operate();
        }
    }

    private boolean isSound() {
        return world.judge().violations().isEmpty();
    }

    private void restart() {
        for (var id : ids) {
            var atMs = restartAtMs.get(id);
            if (atMs != null && world.nowMs() >= atMs) {
                restartAtMs.remove(id);
                world.start(id);
            }
        }
    }

    private Optional<SimNode> anyNode() {
        var alive = List.copyOf(world.alive().values());
        return alive.isEmpty()
                ? Optional.empty()
                : Optional.of(alive.get(world.random().nextInt(alive.size())));
    }

    private PChannel anyLog() {
        var logs = List.copyOf(world.logs().keySet());
        return logs.get(world.random().nextInt(logs.size()));
    }

    private long inMs(long least, long most) {
        return world.nowMs() + world.random().nextLong(least, most);
    }

    private void disturbNodes() {
        if (world.chance(0.006)) {
            anyNode().ifPresent(this::kill);
        }
        if (world.chance(0.003)) {
            anyNode().ifPresent(node -> node.pause(inMs(200, 20_000)));
            world.count("pauses");
        }
        if (world.chance(0.002)) {
            anyNode().ifPresent(node -> node.deaf(inMs(1_000, 20_000)));
        }
        if (world.chance(0.002)) {
            anyNode().ifPresent(node -> node.lonely(inMs(1_000, 20_000)));
        }
        if (world.chance(0.003)) {
            anyNode().ifPresent(node -> hint(node, true));
        }
        if (world.chance(0.002)) {
            anyNode().ifPresent(SimNode::leave);
        }
        for (var node : List.copyOf(world.alive().values())) {
            if (node.isLeaving() && (!node.hasOpenLogs() || world.chance(0.01))) {
                kill(node);
            }
        }
    }

    private void kill(SimNode node) {
        var id = node.self().node();
        world.kill(id);
        world.count("kills");
        restartAtMs.put(id, inMs(200, world.chance(0.7) ? 4_000 : 25_000));
        if (world.chance(0.6)) {
            world.later(world.random().nextLong(50, 1_500), () -> hint(node, false));
        }
        if (world.chance(0.5)) {
            world.later(world.random().nextLong(50, 600), () -> {
                if (!world.alive().containsKey(id)) {
                    world.group().remove(id);
                }
            });
        }
    }

    private void hint(SimNode node, boolean wrong) {
        anyNode().filter(by -> by != node).ifPresent(by -> {
            var hint = new Hint(
                    node.self().node(), node.self().incarnation(), by.self().node());
            world.alive().values().forEach(peer -> peer.hint(hint));
            world.count(wrong ? "wrong hints" : "hints");
            world.hinted(hint);
        });
    }

    private void disturbLogs() {
        if (world.chance(0.004)) {
            world.log(anyLog()).failUntil(inMs(500, 15_000));
        }
        if (world.chance(0.002)) {
            world.log(anyLog()).slowUntil(inMs(5_000, 40_000));
        }
        if (world.chance(0.001)) {
            world.log(anyLog()).lost(true);
        }
        if (world.chance(0.001)) {
            world.log(anyLog()).claimFromOutside();
        }
    }

    private void disturbTheGroup() {
        if (world.chance(0.001)) {
            world.group().delete();
            world.tell("the group is deleted");
            world.count("groups deleted");
        }
        if (world.chance(0.002)) {
            world.load();
        }
        if (world.chance(0.01)) {
            var end = world.topic().end();
            world.topic().compact(end - world.random().nextLong(0, 1 + end / 2), 0);
            world.count("compactions");
        }
    }

    private void operate() {
        if (!world.chance(0.01)) {
            return;
        }
        var node = ids.get(world.random().nextInt(ids.size()));
        var log = anyLog();
        var lasts = world.chance(0.5)
                ? Optional.of(Duration.ofMillis(world.random().nextLong(500, 20_000)))
                : Optional.<Duration>empty();
        switch (world.random().nextInt(14)) {
            case 0 -> world.ask(new Command.PinLog(log, node, "test"));
            case 1 -> world.ask(new Command.UnpinLog(log));
            case 2 -> world.ask(new Command.DrainNode(node, world.chance(0.2), "test"));
            case 3, 4 -> world.ask(new Command.ResumeNode(node));
            case 5 -> world.ask(new Command.FreezeMoves(MetaKey.freezeAll(), "test", lasts));
            case 6 -> world.ask(new Command.FreezeMoves(MetaKey.freezeNode(node), "test", lasts));
            case 7 -> world.ask(new Command.FreezeMoves(MetaKey.freezePChannel(log), "test", lasts));
            case 8 -> world.ask(new Command.ThawMoves(MetaKey.freezeAll()));
            case 9 -> {
                world.log(log).lost(false);
                world.ask(new Command.Unquarantine(log));
            }
            case 10, 11 ->
                world.ask(new Command.AddTopic("extra", 1 + world.random().nextInt(3)));
            case 12 -> world.ask(new Command.RemoveTopic("extra"));
            default -> world.topic().append("novelty/" + node, "no json");
        }
    }

    private void heal() {
        if (!isSound()) {
            return;
        }
        world.heal();
        for (var node : List.copyOf(world.alive().values())) {
            if (node.isLeaving()) {
                world.kill(node.self().node());
                world.start(node.self().node());
            }
        }
        ids.stream().filter(id -> !world.alive().containsKey(id)).forEach(world::start);
        var end = world.nowMs() + CONVERGE.toMillis();
        while (isSound() && world.nowMs() < end && !isAtRest()) {
            world.tick();
            takeOrdersBack();
        }
        if (isSound()) {
            judgeTheEnd();
        }
    }

    private void takeOrdersBack() {
        var state = world.judge().state();
        for (var id : ids) {
            state.drain(id).ifPresent(drain -> world.ask(new Command.ResumeNode(id)));
        }
        state.freezes().forEach(freeze -> world.ask(new Command.ThawMoves(freeze.key())));
        state.pins().forEach(pin -> world.ask(new Command.UnpinLog(pin.pchannel())));
        state.assignments().stream()
                .filter(assignment -> assignment.phase() == Phase.QUARANTINED)
                .map(Assignment::pchannel)
                .forEach(log -> world.ask(new Command.Unquarantine(log)));
    }

    private boolean isAtRest() {
        return world.nowMs() - world.judge().lastChangeMs() > REST.toMillis()
                && ownerTroubles().isEmpty()
                && balanceTroubles().isEmpty();
    }

    private void judgeTheEnd() {
        ownerTroubles().forEach(world.judge()::violated);
        balanceTroubles().forEach(world.judge()::violated);
        if (world.nowMs() - world.judge().lastChangeMs() <= REST.toMillis()) {
            world.judge().violated("moves do not end");
        }
        world.topic().compact(world.topic().end(), world.topic().end());
        world.judge().checkReplay();
        var state = world.judge().state();
        var most = world.logs().size() * ids.size();
        if (state.statuses().size() > most || !state.suspicions().isEmpty()) {
            world.judge().violated("records without a meaning are left: " + state.suspicions());
        }
        var leading = world.alive().values().stream()
                .filter(node -> node.coordinator().isLeading())
                .count();
        if (leading != 1) {
            world.judge().violated(leading + " nodes coordinate");
        }
    }

    private List<String> ownerTroubles() {
        var troubles = new ArrayList<String>();
        var state = world.judge().state();
        for (var pchannel : state.pchannels()) {
            var assignment = state.assignment(pchannel);
            if (assignment.isEmpty() || !(assignment.get() instanceof Owned owned)) {
                troubles.add(pchannel + " has no owner: " + assignment);
                continue;
            }
            var process = world.alive().get(owned.owner().node());
            if (process == null
                    || !process.self().equals(owned.owner())
                    || !process.hasOpen(pchannel, owned.term())
                    || world.log(pchannel).highest() != owned.term()) {
                troubles.add(pchannel + " is not open where it is to be: " + owned);
            }
        }
        return troubles;
    }

    private List<String> balanceTroubles() {
        var loads = new TreeMap<String, Integer>();
        ids.forEach(id -> loads.put(id, 0));
        for (var assignment : world.judge().state().assignments()) {
            if (assignment.phase() != Phase.RETIRED) {
                loads.merge(assignment.home(), 1, Integer::sum);
            }
        }
        var most = loads.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        var least = loads.values().stream().mapToInt(Integer::intValue).min().orElse(0);
        return most - least <= 1 ? List.of() : List.of("not balanced: " + loads);
    }
}
