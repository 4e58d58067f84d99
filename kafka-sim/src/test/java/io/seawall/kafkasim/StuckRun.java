package io.seawall.kafkasim;

import io.seawall.walkafka.port.LaneProducer.Outgoing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * The broker refuses some appends, or all of them, every time, and accepts all other records. The log continues without these
 * appends or ends. In either case every caller gets an answer within the time limit of a recovery.
 */
final class StuckRun {
    private static final String POISON = "poison";
    private static final int BEFORE = 20;
    private static final int AFTER = 100;

    private final SimWorld world;
    private final Violations violations = new Violations();
    private int steps;

    private StuckRun(long seed, boolean traced) {
        this.world = new SimWorld(Faults.none(seed), traced);
    }

    static SeedReport run(long seed, boolean traced) {
        var run = new StuckRun(seed, traced);
        run.run();
        return new SeedReport(
                seed, run.violations.first(), run.world.trace().text(), run.steps, SeedReport.Counts.NONE);
    }

    private void run() {
        var owner = world.newNode();
        var opening = owner.open(SimWorld.PCHANNEL, 1);
        world.loop().runUntil(() -> opening.wal().isDone(), 60_000_000);
        var log = owner.owned(0);
        if (log == null) {
            violations.report("liveness: nothing was opened");
            return;
        }
        var appends = new OwnAppends(world, log);
        append(appends, log, BEFORE, "r");
        var random = world.faults().random();
        var onlyPoison = random.nextBoolean();
        world.partition()
                .refuse(onlyPoison ? StuckRun::isPoison : StuckRun::isAppend, onlyPoison || random.nextBoolean());
        append(appends, log, AFTER, POISON);
        world.loop().runFor(2 * longest().toNanos() / 1_000);
        for (var one : appends.asked()) {
            violations.check(
                    one.waitedUs(world.loop().nowUs()) <= longest().toNanos() / 1_000,
                    () -> "bound: " + one + ", which is not within " + longest());
        }
        violations.check(
                world.violations().first() == null,
                () -> String.valueOf(world.violations().first()));
    }

    /** Returns the time limit of a recovery plus two deliveries: the one that fails before it, and one inside it. */
    private Duration longest() {
        var timeouts = world.settings().timeouts();
        return timeouts.recover().plus(timeouts.delivery().multipliedBy(2));
    }

    private void append(OwnAppends appends, Opened log, int times, String sometimes) {
        for (var left = times; left > 0 && !log.isOver(); left--, steps++) {
            var isPoisoned = world.faults().random().nextInt(20) == 0;
            appends.append((isPoisoned ? sometimes : "r") + steps);
            askForMore(log);
            world.loop().runFor(world.faults().between(100_000, 3_000_000));
        }
    }

    /** Makes the log write control records, which the broker accepts. They must not count as progress of appends. */
    private void askForMore(Opened log) {
        switch (world.faults().random().nextInt(6)) {
            case 0 -> FutureListeners.listen(log.wal().checkTail(), (tail, error) -> {});
            case 1 -> FutureListeners.listen(log.wal().commit(), (committed, error) -> {});
            case 2 -> FutureListeners.listen(log.wal().trim(log.wal().tail()), (oldest, error) -> {});
            default -> {}
        }
    }

    private static boolean isPoison(Outgoing record) {
        return isAppend(record) && value(record).startsWith(POISON);
    }

    private static boolean isAppend(Outgoing record) {
        var header = Stamped.read(record.wal());
        return header != null && header.kind() == Stamped.Kind.DATA && !header.copy();
    }

    private static String value(Outgoing record) {
        var value = record.data().value();
        return value == null ? "" : new String(value, StandardCharsets.UTF_8);
    }
}
