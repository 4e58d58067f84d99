package io.seawall.kafkasim;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.LogRecord;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.WalException;
import io.seawall.wal.WalReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The one case outside the promises: Kafka loses acknowledged records, and the next owner reuses the LSNs. The records are
 * lost; but a reader that had passed them must fail, and never continue silently.
 */
final class LostEndRun {
    private static final int BEFORE = 300;
    private static final int AFTER = 160;

    private final SimWorld world;
    private final Violations violations = new Violations(); // of readers; the log's promises do not hold after a loss
    private int steps;

    private LostEndRun(long seed, boolean traced) {
        this.world = new SimWorld(Faults.none(seed), traced);
    }

    /** A reader that has read everything, and the offset of its next fetch. */
    private record CaughtUp(View view, WalReader reader, long offset) {}

    static SeedReport run(long seed, boolean traced) {
        var run = new LostEndRun(seed, traced);
        run.run();
        return new SeedReport(
                seed, run.violations.first(), run.world.trace().text(), run.steps, SeedReport.Counts.NONE);
    }

    private void run() {
        var owner = world.newNode();
        write(owner, 0, BEFORE);
        var bystander = world.newNode();
        var readers = new ArrayList<CaughtUp>();
        for (var view : View.values()) {
            readers.add(
                    caughtUp(view, bystander.logs().readers().open(SimWorld.PCHANNEL, StartPosition.oldest(), view)));
        }
        violations.check(
                world.violations().first() == null,
                () -> String.valueOf(world.violations().first()));
        owner.process().kill();
        world.partition().loseEnd(1 + world.faults().random().nextInt(25));
        write(world.newNode(), 1, AFTER);
        readers.forEach(this::mustNotContinue);
    }

    private void write(SimNode node, long term, int times) {
        var opening = node.open(SimWorld.PCHANNEL, term);
        world.loop().runUntil(() -> opening.wal().isDone(), 60_000_000);
        var log = node.owned(0);
        for (var left = times; left > 0 && log != null; left--, steps++) {
            node.append(log, 1 + world.faults().random().nextInt(3), 10);
            world.loop().runFor(world.faults().between(1_000, 80_000));
        }
    }

    private CaughtUp caughtUp(View view, WalReader reader) {
        List<LogRecord> records;
        do {
            records = reader.poll(100, Duration.ofMillis(200));
        } while (!records.isEmpty());
        var offset = view == View.LIVE
                ? world.partition().durableEnd()
                : world.partition().stableEnd();
        return new CaughtUp(view, reader, offset);
    }

    private void mustNotContinue(CaughtUp at) {
        var next = at.reader().nextLsn();
        world.trace().add(() -> at.view() + " reader at offset " + at.offset() + ", LSN " + next);
        if (next == lsnAt(at.offset())) {
            return; // the LSNs happen to fit; only Kafka's check of leader epochs can detect it (docs/simulation.md)
        }
        try {
            for (var polls = 0; polls < 100; polls++) {
                for (var record : at.reader().poll(100, Duration.ofMillis(50))) {
                    violations.report("P3: the " + at.view() + " reader goes on with LSN " + record.lsn()
                            + " after numbers from before it were used again");
                }
            }
            // Where a marker was lost with the end, nobody opens the
            // log again, and it stays shorter than what was read.
            violations.check(
                    lsnAt(at.offset()) < 0,
                    () -> "P3: the " + at.view() + " reader passes over a log that was written anew, and says nothing");
        } catch (WalException error) {
            violations.check(
                    error.code() == ErrorCode.DATA_LOSS || error.code() == ErrorCode.UNAVAILABLE,
                    () -> "the " + at.view() + " reader ends with " + error.getMessage());
            var first = ownAt(at.offset());
            violations.check(
                    error.code() != ErrorCode.DATA_LOSS
                            || error.problem().numbers().getOrDefault("offset", -1L) <= first,
                    () -> "P3: the " + at.view() + " reader passes over offset " + first + ": " + error.getMessage());
        }
    }

    /** Returns the offset of the first numbered record from an offset on that is not a copy. */
    private long ownAt(long offset) {
        for (var batch : world.partition().durableBatchesFrom(offset)) {
            for (var at = 0; at < batch.records().size(); at++) {
                var header = Stamped.read(batch.records().get(at).wal());
                if (header != null && header.lsn() >= 0 && !header.copy() && batch.baseOffset() + at >= offset) {
                    return batch.baseOffset() + at;
                }
            }
        }
        return Long.MAX_VALUE;
    }

    /** Returns the LSN of the first record from an offset on. */
    private long lsnAt(long offset) {
        for (var batch : world.partition().durableBatchesFrom(offset)) {
            for (var at = 0; at < batch.records().size(); at++) {
                var header = Stamped.read(batch.records().get(at).wal());
                if (header != null && header.lsn() >= 0 && batch.baseOffset() + at >= offset) {
                    return header.lsn();
                }
            }
        }
        return -1;
    }
}
