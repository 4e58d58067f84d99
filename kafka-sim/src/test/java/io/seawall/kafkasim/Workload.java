package io.seawall.kafkasim;

import io.seawall.wal.AppendRequest;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.WalException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The actions of callers and operators, and the faults, one step at a time. */
final class Workload {
    private static final int MOST_NODES = 4;
    private static final long DAY_MS = 86_400_000;

    private final SimWorld world;
    private final SplittableRandom random;
    private final List<Step> steps = new ArrayList<>();
    private final List<Integer> bounds = new ArrayList<>();
    private final SessionWork sessions;
    private long highestTerm = -1;
    private int openings;
    private int faults;

    /** One kind of step. */
    @FunctionalInterface
    private interface Step {
        void run();
    }

    Workload(SimWorld world) {
        this.world = world;
        this.random = world.faults().random();
        this.sessions = new SessionWork(world);
        add(300, this::append);
        add(60, this::readOn);
        add(random.nextInt(3) == 0 ? 6 : 32, this::open); // in some runs owners follow each other more slowly
        add(12, this::commit);
        add(8, this::confirm);
        add(random.nextInt(2) == 0 ? 8 : 0, this::trim);
        add(2, this::crowd);
        add(12, this::openReader);
        add(10, this::closeReader);
        add(8, this::close);
        add(fault(14), this::pause);
        add(fault(4), this::overtake);
        add(fault(4), this::claimInVain);
        add(fault(6), this::crash);
        add(fault(8), this::changeLeader);
        add(fault(14), this::moveCoordinator);
        add(fault(14), this::strandACommit);
        add(fault(4), this::flood);
        add(fault(4), this::stallReplication);
        add(fault(2), this::expireIds);
        add(fault(3), this::skewClock);
        add(fault(2), this::limitMessages);
        add(15, this::letTimePass);
    }

    private void add(int weight, Step step) {
        steps.add(step);
        bounds.add((bounds.isEmpty() ? 0 : bounds.get(bounds.size() - 1)) + weight);
    }

    /** Disables each kind of fault in some runs, and makes it frequent in others. */
    private int fault(int weight) {
        return switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> 2 * weight;
            default -> weight;
        };
    }

    void step() {
        var pick = random.nextInt(bounds.get(bounds.size() - 1));
        var index = 0;
        while (bounds.get(index) <= pick) {
            index++;
        }
        steps.get(index).run();
        world.loop().runFor(random.nextInt(6) == 0 ? world.faults().between(1_000, 150_000) : random.nextInt(1_500));
        world.log().catchUp();
    }

    private SimNode anyNode() {
        var nodes = world.nodes();
        if (nodes.isEmpty() || (nodes.size() < MOST_NODES && random.nextInt(8) == 0)) {
            return world.newNode();
        }
        return nodes.get(random.nextInt(nodes.size()));
    }

    private SimNode runningNode() {
        var node = anyNode();
        return node.process().isRunning() ? node : world.newNode();
    }

    /**
     * Opens the log, usually at the next term; sometimes at an earlier one, as a broken coordinator or a stale node does.
     */
    void open() {
        var node = runningNode();
        var back = random.nextInt(4) == 0 ? random.nextInt(3) : -1;
        openAt(node, Math.max(0, highestTerm - back));
    }

    private void openAt(SimNode node, long term) {
        highestTerm = Math.max(highestTerm, term);
        openings++;
        world.trace().add(() -> node.process().name() + " opens term " + term);
        var unused = node.open(SimWorld.PCHANNEL, term);
    }

    /** Pauses an opener; meanwhile another node opens the term below. */
    private void overtake() {
        var slow = runningNode();
        openAt(slow, highestTerm + 2);
        world.loop().runFor(random.nextInt(5_000));
        pause(slow.process(), world.faults().between(10_000, 5_000_000));
        openAt(runningNode(), highestTerm - 1);
    }

    /** Pauses an opener after step 0, so that it claims the log although a higher term has it; then opens a term in between. */
    private void claimInVain() {
        var slow = runningNode();
        openAt(slow, highestTerm + 1);
        world.loop().runFor(random.nextInt(5_000));
        var pauseUs = world.faults().between(20_000, 200_000);
        pause(slow.process(), pauseUs);
        openAt(runningNode(), highestTerm + 2);
        world.loop().runFor(pauseUs + world.faults().between(2_000, 80_000));
        openAt(runningNode(), highestTerm - 1);
    }

    private void append() {
        append(random.nextInt(3) == 0 ? runningNode() : anyOwner());
    }

    private void append(SimNode node) {
        var log = node.owned(random.nextInt(8));
        if (log == null) {
            if (openingsUnderWay() == 0 && random.nextInt(20) == 0) {
                open();
            }
            return;
        }
        append(node, log);
    }

    private void append(SimNode node, Opened log) {
        for (var left = 1 + random.nextInt(4); left > 0; left--) {
            switch (random.nextInt(6)) {
                case 0 -> appendIfTail(node, log);
                case 1 -> sessions.append(node, log, batchSize(), padding());
                default -> node.append(log, batchSize(), padding());
            }
        }
    }

    private int batchSize() {
        return random.nextInt(3) == 0 ? 2 + random.nextInt(4) : 1;
    }

    private int padding() {
        return random.nextInt(10) == 0 ? random.nextInt(300) : random.nextInt(20);
    }

    private void appendIfTail(SimNode node, Opened log) {
        var tail = Math.max(0, log.wal().tail() + random.nextInt(3) - 1);
        node.send(
                log,
                world.history().begin(batchSize(), padding()),
                batch -> AppendRequest.of(batch).onlyIfTail(tail));
    }

    /** Returns a node that believes to own the log, if there is one. */
    private SimNode anyOwner() {
        var owners = world.nodes().stream()
                .filter(node -> node.process().isRunning() && !node.owned().isEmpty())
                .toList();
        return owners.isEmpty() ? runningNode() : owners.get(random.nextInt(owners.size()));
    }

    /** Returns the log's true owner, or a new one if no owner can write; null if the log cannot be opened soon. */
    private @Nullable Opened trueOwners(SimNode node) {
        if (ownedByWinner(node) == null) {
            openAt(node, highestTerm + 1);
            world.loop().runUntil(() -> ownedByWinner(node) != null, 1_000_000);
        }
        return ownedByWinner(node);
    }

    private @Nullable Opened ownedByWinner(SimNode node) {
        world.log().catchUp();
        return node.owned().stream()
                .filter(log -> log.wal().term() == world.log().winningTerm())
                .findFirst()
                .orElse(null);
    }

    private SimNode trueOwner() {
        return world.nodes().stream()
                .filter(node -> node.process().isRunning() && ownedByWinner(node) != null)
                .findFirst()
                .orElseGet(this::runningNode);
    }

    private @Nullable Opened anyLog(SimNode node) {
        return node.owned(random.nextInt(8));
    }

    private void crowd() {
        var node = runningNode();
        var log = anyLog(node);
        if (log != null) {
            sessions.crowd(node, log);
        }
    }

    /** Appends more than may be in flight at once and more than may wait for its commit. */
    private void burst(SimNode node, Opened log) {
        for (var left = 4 + random.nextInt(12); left > 0; left--) {
            node.append(log, 1 + random.nextInt(2), 300 + random.nextInt(400));
        }
    }

    private int openingsUnderWay() {
        return world.nodes().stream().mapToInt(SimNode::openings).sum();
    }

    private void commit() {
        var node = runningNode();
        var log = anyLog(node);
        if (log != null) {
            var below = world.history().ackedTail();
            node.commit(log);
            world.trace().add(() -> "commit requested below " + below);
        }
    }

    private void confirm() {
        var node = runningNode();
        var log = node.owned(random.nextInt(8));
        if (log != null) {
            node.confirm(log);
        }
    }

    /** Trims the log, sometimes completely; then it also opens a reader right after the deletion. */
    private void trim() {
        var log = anyLog(runningNode());
        if (log == null) {
            return;
        }
        var tail = log.wal().tail();
        var isAll = random.nextInt(3) == 0;
        var middle = world.log().lsnInsideABatch(random);
        var before = isAll ? tail : middle >= 0 && middle < tail ? middle : random.nextLong(1 + tail);
        var start = world.partition().start();
        world.trimmed(before);
        FutureListeners.listen(
                log.wal().trim(before),
                (oldest, error) -> world.violations()
                        .check(
                                error != null || oldest <= world.trimmedBelow(),
                                () -> "a trim below " + before + " left nothing below " + oldest));
        if (isAll && world.loop().runUntil(() -> world.partition().start() > start, 400_000)) {
            openReader();
        }
    }

    private void close() {
        var node = runningNode();
        var log = node.owned(random.nextInt(8));
        if (log != null) {
            world.trace()
                    .add(() ->
                            node.process().name() + " closes term " + log.wal().term());
            node.close(log);
        }
    }

    private void openReader() {
        var node = runningNode();
        var view = random.nextBoolean() ? View.LIVE : View.COMMITTED;
        var tail = world.history().ackedTail();
        var from = switch (random.nextInt(4)) {
            case 0 -> StartPosition.oldest();
            case 1 -> StartPosition.tail();
            case 2 -> StartPosition.atTime(aMoment());
            default -> StartPosition.atLsn(tail == 0 ? 0 : random.nextLong(tail));
        };
        var name = node.process().name() + "'s " + view + " reader from " + from;
        try {
            var reader = node.logs().readers().open(SimWorld.PCHANNEL, from, view);
            world.trace().add(() -> name + " opened at " + reader.nextLsn());
            var reading = new Reading(world, name, reader);
            if (from instanceof StartPosition.AtTime at) {
                reading.startsAt(at.epochMs());
            }
            node.add(reading);
        } catch (WalException error) {
            world.log().catchUp();
            var expected = error.code() == ErrorCode.UNAVAILABLE
                    || error.code() == ErrorCode.BEYOND_TAIL
                    || (error.code() == ErrorCode.TRIMMED
                            && from instanceof StartPosition.AtLsn at
                            && at.lsn() < world.trimmedBelow());
            world.violations().check(expected, () -> name + ": " + error.getMessage());
        }
    }

    private Instant aMoment() {
        var live = world.log().live();
        var record = live.isEmpty() ? null : live.get(random.nextInt(live.size()));
        return record == null ? Instant.EPOCH : Instant.ofEpochMilli(record.timestampMs() + random.nextInt(3) - 1);
    }

    private void readOn() {
        var node = runningNode();
        node.readings().removeIf(Reading::isOver);
        if (!node.readings().isEmpty()) {
            var reading = node.readings().get(random.nextInt(node.readings().size()));
            reading.poll(1 + random.nextInt(20), Duration.ofMillis(random.nextInt(3) == 0 ? 20 : 0));
        }
    }

    private void closeReader() {
        var node = runningNode();
        if (!node.readings().isEmpty()) {
            node.readings().remove(random.nextInt(node.readings().size())).close();
        }
    }

    private void pause() {
        pause(runningNode().process(), world.faults().between(1_000, 25_000_000));
    }

    private void pause(SimProcess process, long forUs) {
        faults++;
        world.trace().add(() -> process.name() + " stands still for " + forUs);
        process.pause();
        world.loop().after(forUs, process::resume);
    }

    private void crash() {
        faults++;
        kill(anyNode().process());
    }

    private void kill(SimProcess process) {
        world.trace().add(() -> process.name() + " is killed");
        process.kill();
    }

    private void changeLeader() {
        faults++;
        var longAway = random.nextInt(5) == 0;
        world.partition()
                .changeLeader(
                        world.faults().between(0, longAway ? 9_000_000 : 300_000),
                        world.faults().between(0, 4_000_000));
    }

    private void moveCoordinator() {
        faults++;
        var longAway = random.nextInt(3) == 0;
        for (var coordinator : world.kafka().coordinators()) {
            if (random.nextBoolean()) {
                coordinator.move(world.faults().between(0, longAway ? 50_000_000 : 500_000));
            }
        }
    }

    /**
     * Moves the coordinator of one lane while the log continues into its next lease and becomes idle; then usually kills the log's
     * owner, so that the next one finds the first lease open.
     */
    private void strandACommit() {
        faults++;
        var owner = trueOwner();
        var log = trueOwners(owner);
        if (log == null) {
            return;
        }
        // In a burst the log continues from lease to lease; otherwise it is idle after each append.
        var isBurst = random.nextBoolean();
        world.loop().runFor(isBurst ? 0 : world.faults().between(450_000, 700_000));
        append(owner, log);
        world.loop().runFor(world.faults().between(2_000, 30_000));
        world.kafka().coordinators().stream()
                .filter(TxnCoordinator::hasOpenTransaction)
                .findAny()
                .ifPresent(coordinator -> coordinator.move(world.faults().between(2_000_000, 10_000_000)));
        for (var left = random.nextInt(isBurst ? 8 : 3); left > 0; left--) {
            world.loop()
                    .runFor(
                            isBurst
                                    ? world.faults().between(40_000, 120_000)
                                    : world.faults().between(210_000, 400_000));
            append(owner, log);
        }
        world.loop().runFor(world.faults().between(300_000, 900_000));
        if (random.nextInt(4) > 0) {
            kill(owner.process());
            open();
        }
    }

    /** Appends more than leases hold, while one lane's coordinator or all followers are away. */
    private void flood() {
        faults++;
        var node = trueOwner();
        var log = trueOwners(node);
        if (log == null) {
            return;
        }
        var coordinators = List.copyOf(world.kafka().coordinators());
        if (random.nextInt(3) == 0) {
            world.partition().stallReplication(world.faults().between(1_000, 2_000_000));
        } else {
            coordinators
                    .get(random.nextInt(coordinators.size()))
                    .move(world.faults().between(500_000, 8_000_000));
        }
        for (var left = 1 + random.nextInt(4); left > 0; left--) {
            burst(node, log);
            world.loop().runFor(world.faults().between(1_000, 400_000));
        }
    }

    private void stallReplication() {
        faults++;
        world.partition().stallReplication(world.faults().between(1_000, 15_000_000));
    }

    private void expireIds() {
        faults++;
        world.kafka().coordinators().forEach(TxnCoordinator::expire);
    }

    private void skewClock() {
        faults++;
        var days = random.nextBoolean() ? random.nextInt(-30, 31) : 0;
        var node = random.nextBoolean() ? anyOwner() : anyNode();
        world.trace().add(() -> node.process().name() + "'s clock jumps by " + days + " days");
        node.process().skewWall(days * DAY_MS + random.nextLong(-3_600_000, 3_600_000));
        var log = anyLog(node);
        for (var left = 6; left > 0 && log != null; left--) {
            sessions.append(node, log, batchSize(), padding());
        }
    }

    /**
     * Lowers the topic's limit for a while, so that the broker rejects records that the caller was allowed to append.
     */
    private void limitMessages() {
        faults++;
        world.partition().limitMessages(250);
        world.loop()
                .after(
                        world.faults().between(1_000, 3_000_000),
                        () -> world.partition().limitMessages(Integer.MAX_VALUE));
    }

    private void letTimePass() {
        world.loop().runFor(world.faults().between(100_000, 3_000_000));
    }

    long highestTerm() {
        return highestTerm;
    }

    int openings() {
        return openings;
    }

    int faults() {
        return faults;
    }
}
