package io.seawall.kafkasim;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.WalException;
import org.jspecify.annotations.Nullable;

/**
 * Successive owners, some of them zombies, each with a flusher that has its own store: the log is bound to one of the stores
 * permanently.
 */
final class ProgressRun {
    private static final int OWNERS = 8;
    private static final int STEPS = 25;

    private final SimWorld world;
    private @Nullable String bound; // the first store that a flusher saw
    private int bindings;

    private ProgressRun(long seed) {
        this.world = new SimWorld(Faults.of(seed), false);
    }

    /** The result of a run: the first violation or null, and the number of successful bindings. */
    record Report(@Nullable String violation, int bindings) {}

    static Report run(long seed) {
        var run = new ProgressRun(seed);
        run.run();
        return new Report(run.world.violations().first(), run.bindings);
    }

    private void run() {
        for (var term = 0; term < OWNERS; term++) {
            var node = world.newNode();
            var opening = node.open(SimWorld.PCHANNEL, term);
            world.loop().runUntil(() -> opening.wal().isDone(), 90_000_000);
            for (var step = 0; step < STEPS; step++) {
                act(node, "store-" + term);
                world.loop().runFor(world.faults().between(100, 300_000));
            }
        }
        world.faults().calm();
        world.loop().runFor(60_000_000);
        var last = world.newNode();
        var opening = last.open(SimWorld.PCHANNEL, OWNERS);
        world.loop().runUntil(() -> opening.wal().isDone(), 120_000_000);
        var log = last.owned(0);
        world.violations().check(log != null, () -> "nobody can open the log any more");
        if (log != null && bound != null) {
            sees(log.wal().progress().storeId().orElse("none"), "the last owner");
        }
    }

    private void act(SimNode node, String store) {
        var log = node.owned(0);
        if (log == null) {
            return;
        }
        switch (world.faults().random().nextInt(8)) {
            case 0 -> bind(log, store);
            case 1 ->
                FutureListeners.listen(
                        log.wal().progress().flushed(log.wal().committed()),
                        (nothing, error) -> world.violations()
                                .check(error == null, () -> "a report of a flusher failed: " + error));
            case 2 -> world.partition().changeLeader(world.faults().between(0, 300_000), 1_000_000);
            case 3 ->
                world.kafka()
                        .coordinators()
                        .forEach(each -> each.move(world.faults().between(0, 500_000)));
            default -> node.append(log, 1 + world.faults().random().nextInt(3), 20);
        }
    }

    private void bind(Opened log, String store) {
        FutureListeners.listen(log.wal().progress().bindStore(store), (nothing, error) -> {
            if (error == null) {
                bindings++;
                sees(store, "the flusher that bound it");
            } else {
                var known = error instanceof WalException problem
                        && (problem.code() != ErrorCode.INTERNAL
                                || String.valueOf(problem.getMessage()).contains("segments are in store"));
                world.violations().check(known, () -> "a binding ends with " + error);
            }
        });
    }

    private void sees(String store, String who) {
        var first = bound == null ? store : bound;
        bound = first;
        world.violations()
                .check(first.equals(store), () -> who + " sees " + store + " in a log that is bound to " + first);
    }
}
