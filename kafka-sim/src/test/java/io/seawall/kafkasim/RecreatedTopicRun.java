package io.seawall.kafkasim;

import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The topic is deleted and created again while its log has an owner. That owner acknowledges no more appends and ends. The new log
 * begins with LSN 0 and has exactly the records that its own owners acknowledged.
 */
final class RecreatedTopicRun {
    private static final long OLD_TERM = 5;
    private static final long NEW_TERM = 7;
    private static final long REST_US = 120_000_000;

    private final SimWorld world;
    private int steps;

    private RecreatedTopicRun(long seed, boolean traced) {
        this.world = new SimWorld(Faults.of(seed), traced);
    }

    static SeedReport run(long seed, boolean traced) {
        var run = new RecreatedTopicRun(seed, traced);
        run.run();
        return new SeedReport(
                seed, run.world.violations().first(), run.world.trace().text(), run.steps, SeedReport.Counts.NONE);
    }

    private void run() {
        var owner = world.newNode();
        var log = opened(owner, OLD_TERM);
        if (log == null) {
            return; // SeedRun judges openings that fail
        }
        var random = world.faults().random();
        append(new OwnAppends(world, log), 5 + random.nextInt(40));
        if (random.nextBoolean()) {
            world.loop().runFor(world.faults().between(200_000, 1_500_000)); // so long that no transaction is open
        }
        world.watch().expectLosses();
        if (random.nextInt(3) == 0) {
            takeOver(owner);
        }
        world.kafka().deleteTopic(SimWorld.PCHANNEL);
        var late = new OwnAppends(world, log);
        append(late, random.nextInt(3));
        if (random.nextBoolean()) {
            world.loop().runFor(world.faults().between(1_000, 5_000_000));
        }
        world.recreateTopic(NEW_TERM);
        append(late, 1 + random.nextInt(10));
        var next = owner.process().isKilled() || random.nextBoolean() ? world.newNode() : owner;
        var opening = next.open(SimWorld.PCHANNEL, NEW_TERM);
        for (var left = 20; left > 0; left--) {
            append(late, 1);
            var newLog = ownedAt(next, NEW_TERM);
            if (newLog != null) {
                next.append(newLog, 1 + random.nextInt(3), 10);
            }
        }
        world.faults().calm();
        world.loop().runFor(REST_US);
        if (!owner.process().isKilled()) {
            judgeOld(late, log);
        }
        world.violations().check(opening.wal().isDone(), () -> "liveness: the new log's opening never ends");
        judgeNew();
    }

    /** Lets another owner take the log over, so that the topic is deleted while this owner may have records to republish. */
    private void takeOver(SimNode owner) {
        if (world.faults().random().nextBoolean()) {
            owner.process().kill();
        }
        var unused = world.newNode().open(SimWorld.PCHANNEL, OLD_TERM + 1);
        world.loop().runUntil(this::isTakenOver, 500_000);
        world.loop().runFor(world.faults().between(0, 30_000));
    }

    /** Returns whether the claim is written: after its claim an opener republishes records. */
    private boolean isTakenOver() {
        world.log().catchUp();
        return world.log().winningTerm() > OLD_TERM;
    }

    private void judgeOld(OwnAppends late, Opened log) {
        for (var one : late.asked()) {
            world.violations()
                    .check(
                            one.appended() == null,
                            () -> "P2: " + one + ", which is after the topic was deleted, in a log that is gone");
            world.violations()
                    .check(
                            one.waitedUs(world.loop().nowUs()) < REST_US,
                            () -> "liveness: " + one + " is never answered");
        }
        world.violations().check(log.isOver(), () -> "liveness: the log of the topic that was deleted does not end");
    }

    private void judgeNew() {
        var last = world.newNode();
        var log = opened(last, NEW_TERM + 1);
        if (log == null) {
            world.violations().report("liveness: the new log cannot be opened");
            return;
        }
        for (var left = 3; left > 0; left--) {
            last.append(log, left, 10);
        }
        world.loop().runFor(5_000_000);
        log.attempts()
                .forEach(attempt -> world.violations()
                        .check(
                                attempt.append().isAcknowledged(),
                                () -> "liveness: " + attempt.append() + " in the new log"));
        var unused = log.wal().commit();
        world.loop().runFor(5_000_000);
        world.history().judge();
        for (var view : View.values()) {
            var reader = last.logs().readers().open(SimWorld.PCHANNEL, StartPosition.oldest(), view);
            var reading = new Reading(world, "the new log's " + view + " reader", reader);
            for (var polls = 0;
                    polls < 100
                            && !reading.isOver()
                            && reading.next() < log.wal().tail();
                    polls++) {
                reading.poll(50, Duration.ofMillis(100));
            }
            world.violations()
                    .check(
                            reading.next() == log.wal().tail(),
                            () -> "liveness: a reader of the new log stops at LSN " + reading.next());
        }
    }

    private @Nullable Opened opened(SimNode node, long term) {
        var opening = node.open(SimWorld.PCHANNEL, term);
        world.loop().runUntil(() -> opening.wal().isDone(), 90_000_000);
        world.trace().add(() -> "opening term " + term + ": " + opening.wal());
        return ownedAt(node, term);
    }

    private static @Nullable Opened ownedAt(SimNode node, long term) {
        return node.owned().stream()
                .filter(log -> log.wal().term() == term)
                .findFirst()
                .orElse(null);
    }

    private void append(OwnAppends appends, int times) {
        for (var left = times; left > 0; left--, steps++) {
            appends.append("r" + steps);
            world.loop().runFor(world.faults().between(500, 80_000));
        }
    }
}
