package io.seawall.kafkasim;

/**
 * Kafka loses acknowledged records while the log's owner is alive. The owner may or may not notice the loss, but it never uses an
 * LSN twice, because it knows which ones it has used.
 */
final class LivingLossRun {
    private static final int BEFORE = 60;
    private static final int AFTER = 60;
    private static final long REST_US = 120_000_000;

    private final SimWorld world;
    private final Violations violations =
            new Violations(); // of the owner; the promises of the log do not hold after a loss
    private int steps;

    private LivingLossRun(long seed, boolean traced) {
        this.world = new SimWorld(Faults.none(seed), traced);
    }

    static SeedReport run(long seed, boolean traced) {
        var run = new LivingLossRun(seed, traced);
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
        append(appends, BEFORE);
        if (world.faults().random().nextBoolean()) {
            // Its lanes fail as well, so it notices the loss when it takes the log back, and not by an offset.
            world.kafka().coordinators().forEach(TxnCoordinator::expire);
        }
        world.partition().loseEnd(1 + world.faults().random().nextInt(12));
        append(appends, AFTER);
        world.loop().runFor(REST_US);
        append(appends, AFTER);
        world.loop().runFor(REST_US);
        judge(appends);
    }

    private void append(OwnAppends appends, int times) {
        for (var left = times; left > 0; left--, steps++) {
            appends.append("r" + steps);
            world.loop().runFor(world.faults().between(1_000, 80_000));
        }
    }

    private void judge(OwnAppends appends) {
        var next = 0L;
        for (var one : appends.acknowledged()) {
            var from = next;
            var at = one.appended();
            violations.check(
                    at != null && at.first() >= from,
                    () -> "P3: " + one + " although everything below LSN " + from + " was acknowledged");
            next = at == null ? next : at.tail();
        }
        for (var one : appends.asked()) {
            violations.check(
                    one.waitedUs(world.loop().nowUs()) < REST_US, () -> "liveness: " + one + " is never answered");
        }
    }
}
