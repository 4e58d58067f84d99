package io.seawall.kafkasim;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.LogRecord;
import io.seawall.wal.Record;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.WalException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * A restore with all faults, including the death of its process: the log is complete, or opening it fails with a known error.
 */
final class RestoreRun {
    private static final int RECORDS = 60;
    private static final long TERM = 5;
    private static final long RESTORE_US = 120_000_000;

    private final World world;
    private final Violations violations = new Violations();
    private final List<LogRecord> records;
    private final long first;
    private boolean restored;

    private RestoreRun(long seed) {
        this.world = new World(Faults.of(seed), false);
        this.first = world.faults().random().nextBoolean() ? 0 : 1_042;
        this.records = LongStream.range(first, first + RECORDS)
                .mapToObj(lsn -> new LogRecord(lsn, 3, 1_600_000_000_000L + lsn, 0, Record.of(new byte[100])))
                .toList();
    }

    /** The outcome for the log. */
    enum Fate {
        WHOLE,
        EMPTY,
        REFUSED
    }

    /** The result of a run: the first violation or null, whether the restore succeeded, and the outcome. */
    record Report(@Nullable String violation, boolean restored, Fate fate) {}

    static Report run(long seed) {
        var run = new RestoreRun(seed);
        run.restore();
        var fate = run.look();
        return new Report(run.violations.first(), run.restored, fate);
    }

    private void restore() {
        var node = world.newNode();
        var trouble = world.faults();
        world.loop()
                .after(
                        trouble.between(0, 3_000_000),
                        () -> world.partition().changeLeader(trouble.between(0, 300_000), 1_000_000));
        world.loop()
                .after(
                        trouble.between(0, 3_000_000),
                        () -> world.kafka().coordinators().forEach(each -> each.move(trouble.between(0, 2_000_000))));
        if (trouble.random().nextBoolean()) {
            world.loop()
                    .after(trouble.between(0, 1_500_000), () -> node.process().kill());
        }
        node.process().blockInNextTask(() -> {
            world.loop().runFor(RESTORE_US);
            node.logs().close(); // a killed process would wait forever
        });
        try {
            var tail = node.logs().restorer().restore(World.PCHANNEL, TERM, first, records.iterator());
            restored = true;
            violations.check(tail == first + RECORDS, () -> "restored is below " + tail);
        } catch (WalException error) {
            violations.check(
                    error.code() != ErrorCode.INTERNAL && error.code() != ErrorCode.INVALID,
                    () -> "the restore ends with " + error.getMessage());
        }
    }

    private Fate look() {
        world.faults().calm();
        world.loop().runFor(90_000_000);
        var node = world.newNode();
        var opening = node.logs().opener().open(World.PCHANNEL, TERM + 1);
        world.loop().runUntil(() -> opening.wal().isDone(), 120_000_000);
        try {
            var wal = opening.wal().join();
            if (wal.tail() == 0) {
                violations.check(!restored, () -> "a restored log is empty");
                return Fate.EMPTY;
            }
            violations.check(
                    wal.tail() == first + RECORDS, () -> "a log of " + RECORDS + " records has tail " + wal.tail());
            violations.check(wal.oldest() == first, () -> "a log from " + first + " on has oldest " + wal.oldest());
            for (var view : View.values()) {
                compare(view, read(node, view));
            }
            return Fate.WHOLE;
        } catch (CompletionException wrapped) {
            violations.check(
                    !restored
                            && wrapped.getCause() instanceof WalException error
                            && error.code() == ErrorCode.DATA_LOSS,
                    () -> "opening ends with " + wrapped.getCause() + ", restored: " + restored);
            return Fate.REFUSED;
        }
    }

    private List<LogRecord> read(Node node, View view) {
        var all = new ArrayList<LogRecord>();
        try (var reader = node.logs().readers().open(World.PCHANNEL, new StartPosition.Oldest(), view)) {
            for (var some = reader.poll(100, Duration.ofMillis(200));
                    !some.isEmpty();
                    some = reader.poll(100, Duration.ofMillis(200))) {
                all.addAll(some);
            }
        }
        return all;
    }

    private void compare(View view, List<LogRecord> found) {
        violations.check(
                found.size() == RECORDS, () -> view + " shows " + found.size() + " of " + RECORDS + " records");
        for (var at = 0; at < Math.min(found.size(), RECORDS); at++) {
            var expected = records.get(at);
            var record = found.get(at);
            violations.check(
                    record.lsn() == expected.lsn()
                            && record.term() == expected.term()
                            && record.timestampMs() == expected.timestampMs()
                            && record.data().equals(expected.data()),
                    () -> view + " shows " + record + " for " + expected);
        }
    }
}
