package io.seawall.kafkasim;

import io.seawall.wal.FlushableWal;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One seed: a world, at least 300 steps with faults, a phase without faults, and the checks. */
final class SeedRun {
    private static final int STEPS = 300;
    static final int WORKLOADS =
            16; // of each 20 seeds; the others are runs of their own, in which a log or its promises end
    private static final int KINDS = 20;
    private static final long HEALING_US = 120_000_000;

    private final SimWorld world;
    private final Workload workload;
    private int steps;

    private SeedRun(long seed, boolean traced) {
        this.world = new SimWorld(Faults.of(seed), traced);
        this.workload = new Workload(world);
    }

    /** Runs a seed to its end, or to the first violation. */
    static SeedReport run(long seed, boolean traced) {
        return switch ((int) (seed % KINDS)) {
            case 16 -> StuckRun.run(seed, traced);
            case 17 -> RecreatedTopicRun.run(seed, traced);
            case 18 -> LivingLossRun.run(seed, traced);
            case 19 -> LostEndRun.run(seed, traced);
            default -> runWorkload(seed, traced);
        };
    }

    private static SeedReport runWorkload(long seed, boolean traced) {
        var run = new SeedRun(seed, traced);
        run.disturb();
        if (run.world.violations().first() == null) {
            run.heal();
        }
        return run.report(seed);
    }

    /** Returns the promise that a seed breaks, or an empty text; for callers from another class loader. */
    static String violation(long seed) {
        var violation = run(seed, false).violation();
        return violation == null ? "" : violation;
    }

    private void disturb() {
        world.newNode();
        world.newNode();
        workload.open();
        while (world.violations().first() == null
                && (steps < STEPS || workload.openings() < 2 || workload.faults() < 1)) {
            workload.step();
            steps++;
        }
    }

    /**
     * Ends all faults and lets the processes come to rest; then a new owner takes over, writes, and everything must be there.
     */
    private void heal() {
        world.faults().calm();
        world.partition().limitMessages(Integer.MAX_VALUE);
        world.nodes().forEach(node -> node.process().resume());
        world.loop().runFor(HEALING_US);
        world.log().catchUp();
        for (var node : world.nodes()) {
            node.owned()
                    .forEach(log -> log.attempts()
                            .forEach(attempt -> world.violations()
                                    .check(
                                            attempt.isAnswered(),
                                            () -> "liveness: " + attempt.append() + " was never answered")));
        }
        var last = world.newNode();
        last.process().skewWall(0);
        var opening = last.open(SimWorld.PCHANNEL, workload.highestTerm() + 1);
        world.loop().runUntil(() -> opening.wal().isDone(), HEALING_US);
        var wal = opened(opening.wal());
        if (wal != null && world.violations().first() == null) {
            writeAndRead(last, wal);
        }
    }

    private @Nullable FlushableWal opened(CompletableFuture<FlushableWal> wal) {
        try {
            return wal.getNow(null);
        } catch (RuntimeException error) {
            world.violations().report("liveness: the log cannot be opened after all: " + error);
            return null;
        } finally {
            world.violations().check(wal.isDone(), () -> "liveness: the log cannot be opened in time");
        }
    }

    private void writeAndRead(SimNode last, FlushableWal wal) {
        var log = last.owned(0);
        if (log == null) {
            world.violations().report("liveness: the log ended as soon as it was opened");
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
                                () -> "liveness: " + attempt.append() + " at the end"));
        var unused = wal.commit();
        world.loop().runFor(5_000_000);
        world.log().catchUp();
        world.violations()
                .check(
                        world.log().committedTail() == world.log().live().size()
                                && !world.log().isCommittedBatchCut(),
                        () -> "P7: committed is only " + world.log().committedTail() + " of "
                                + world.log().live().size());
        world.history().judge();
        readAll(last);
    }

    private void readAll(SimNode last) {
        for (var view : View.values()) {
            last.add(new Reading(
                    world,
                    "the last " + view + " reader",
                    last.logs().readers().open(SimWorld.PCHANNEL, StartPosition.oldest(), view)));
        }
        for (var node : world.nodes()) {
            for (var reading : node.readings()) {
                readToEnd(reading);
            }
        }
    }

    private void readToEnd(Reading reading) {
        for (var polls = 0;
                polls < 1_000
                        && !reading.isOver()
                        && reading.next() < world.log().live().size();
                polls++) {
            reading.poll(50, Duration.ofMillis(100));
        }
        world.violations()
                .check(
                        reading.isOver() || reading.next() == world.log().live().size(),
                        () -> "liveness: a reader stops at LSN " + reading.next() + " of "
                                + world.log().live().size());
    }

    private SeedReport report(long seed) {
        var timeouts = world.kafka().coordinators().stream()
                .mapToLong(TxnCoordinator::timeouts)
                .sum();
        var rotations = world.kafka().coordinators().stream()
                .mapToLong(TxnCoordinator::rotations)
                .sum();
        return new SeedReport(
                seed,
                world.violations().first(),
                world.trace().text(),
                steps,
                new SeedReport.Counts(
                        world.history().acknowledged(),
                        world.watch().fences(),
                        world.log().abortedRecords(),
                        world.watch().staleReads(),
                        world.history().unknown(),
                        world.log().copies(),
                        timeouts,
                        rotations,
                        world.log().claimsInPlace(),
                        world.resent(),
                        world.history().repeated(),
                        world.history().mismatches(),
                        world.history().gaps()));
    }
}
