package io.seawall.kafkasim;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.FlushableWal;
import io.seawall.wal.LogRecord;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.WalException;
import io.seawall.wal.WalRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * A restore with all faults, including the death of its process and a rival that opens the log: the log is complete, or opening
 * it fails with a known error, or it is the rival's.
 */
final class RestoreRun {
    private static final int RECORDS = 60;
    private static final long TERM = 5;
    private static final long OLD_TERM = 3;
    private static final long RESTORE_US = 120_000_000;

    private final SimWorld world;
    private final Violations violations = new Violations();
    private final List<LogRecord> records;
    private final long first;
    private @Nullable OwnAppends rivals; // what a rival appended, if there was one and it opened the log
    private boolean restored;

    private RestoreRun(long seed) {
        this.world = new SimWorld(Faults.of(seed), false);
        this.first = world.faults().random().nextBoolean() ? 0 : 1_042;
        this.records = LongStream.range(first, first + RECORDS)
                .mapToObj(lsn -> new LogRecord(lsn, OLD_TERM, 1_600_000_000_000L + lsn, 0, WalRecord.of(new byte[100])))
                .toList();
    }

    /** The outcome for the log. */
    enum Fate {
        WHOLE,
        EMPTY,
        REFUSED,
        RIVALS
    }

    /** The result of a run: the first violation or null, whether the restore succeeded, and the outcome. */
    record Report(@Nullable String violation, boolean restored, Fate fate) {}

    static Report run(long seed) {
        var run = new RestoreRun(seed);
        run.restore();
        var fate = run.inspect();
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
        if (trouble.random().nextInt(3) == 0) {
            world.loop().after(trouble.between(0, 3_000_000), this::openAsRival);
        }
        node.process().blockInNextTask(() -> {
            world.loop().runFor(RESTORE_US);
            node.logs().close(); // a killed process would wait forever
        });
        try {
            var tail = node.logs().restorer().restore(SimWorld.PCHANNEL, TERM, first, records.iterator());
            restored = true;
            violations.check(tail == first + RECORDS, () -> "restored is below " + tail);
        } catch (WalException error) {
            violations.check(
                    error.code() != ErrorCode.INTERNAL && (error.code() != ErrorCode.INVALID || rivals != null),
                    () -> "the restore ends with " + error.getMessage());
        }
    }

    /** Opens the log as a rival at a term around that of the restore, and appends one record if the opening succeeds. */
    private void openAsRival() {
        var rival = world.newNode();
        var opening =
                rival.open(SimWorld.PCHANNEL, TERM - 1 + world.faults().random().nextInt(3));
        FutureListeners.listen(opening.wal(), (wal, error) -> {
            if (error == null) {
                var appends = new OwnAppends(world, new Opened(wal));
                rivals = appends;
                appends.append("rival");
            }
        });
    }

    private Fate inspect() {
        world.faults().calm();
        world.loop().runFor(90_000_000);
        var node = world.newNode();
        var opening = node.logs().opener().open(SimWorld.PCHANNEL, TERM + 2);
        world.loop().runUntil(() -> opening.wal().isDone(), 120_000_000);
        try {
            return inspect(node, opening.wal().join());
        } catch (CompletionException wrapped) {
            violations.check(
                    !restored
                            && !hasRivalAcknowledged()
                            && wrapped.getCause() instanceof WalException error
                            && error.code() == ErrorCode.DATA_LOSS,
                    () -> "opening ends with " + wrapped.getCause() + ", restored: " + restored);
            return Fate.REFUSED;
        }
    }

    private boolean hasRivalAcknowledged() {
        return rivals != null && !rivals.acknowledged().isEmpty();
    }

    private Fate inspect(SimNode node, FlushableWal wal) {
        var tail = wal.tail();
        var found = new EnumMap<View, List<LogRecord>>(View.class);
        for (var view : View.values()) {
            found.put(view, tail == 0 ? List.of() : read(node, view));
        }
        var live = found.getOrDefault(View.LIVE, List.of());
        violations.check(live.equals(found.get(View.COMMITTED)), () -> "the views differ: " + found);
        var isRestored = !live.isEmpty() && live.get(0).term() == OLD_TERM;
        var rest = isRestored ? live.subList(Math.min(RECORDS, live.size()), live.size()) : live;
        if (isRestored) {
            compare(live.subList(0, Math.min(RECORDS, live.size())));
            violations.check(wal.oldest() == first, () -> "a log from " + first + " on has oldest " + wal.oldest());
        }
        violations.check(isRestored || !restored, () -> "a log that was restored has " + live);
        violations.check(
                rest.size() <= 1 && (!rest.isEmpty() || !hasRivalAcknowledged()),
                () -> "of a rival there is " + rest + ", and it was told " + (rivals == null ? null : rivals.asked()));
        violations.check(
                tail == (isRestored ? first + RECORDS : 0) + rest.size(),
                () -> "a log with " + live.size() + " records has tail " + tail);
        return isRestored ? Fate.WHOLE : rest.isEmpty() ? Fate.EMPTY : Fate.RIVALS;
    }

    private List<LogRecord> read(SimNode node, View view) {
        var all = new ArrayList<LogRecord>();
        try (var reader = node.logs().readers().open(SimWorld.PCHANNEL, StartPosition.oldest(), view)) {
            for (var some = reader.poll(100, Duration.ofMillis(200));
                    !some.isEmpty();
                    some = reader.poll(100, Duration.ofMillis(200))) {
                all.addAll(some);
            }
        }
        return all;
    }

    private void compare(List<LogRecord> found) {
        violations.check(found.size() == RECORDS, () -> "there are " + found.size() + " of " + RECORDS + " records");
        for (var at = 0; at < found.size(); at++) {
            var expected = records.get(at);
            var record = found.get(at);
            violations.check(
                    record.lsn() == expected.lsn()
                            && record.term() == expected.term()
                            && record.timestampMs() == expected.timestampMs()
                            && record.data().equals(expected.data()),
                    () -> "there is " + record + " for " + expected);
        }
    }
}
