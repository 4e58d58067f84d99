package io.seawall.kafkasim;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.LogRecord;
import io.seawall.wal.WalException;
import io.seawall.wal.WalReader;
import java.time.Duration;

/** A reader: its records must be the true log, without a gap, from its start on. */
final class Reading {
    private final SimWorld world;
    private final String name;
    private final WalReader reader;
    private long next;
    private boolean over;

    Reading(SimWorld world, String name, WalReader reader) {
        this.world = world;
        this.name = name;
        this.reader = reader;
        this.next = reader.nextLsn();
    }

    /** Checks that every record before the reader's first one is older than a point in time. */
    void startsAt(long timestampMs) {
        world.log().catchUp();
        var live = world.log().live();
        world.violations()
                .check(
                        next <= world.trimmedBelow()
                                || next > live.size()
                                || live.get((int) next - 1).timestampMs() < timestampMs,
                        () -> name + " begins at LSN " + next + ", behind " + live.get((int) next - 1));
    }

    boolean isOver() {
        return over;
    }

    long next() {
        return next;
    }

    void poll(int most, Duration wait) {
        try {
            var records = reader.poll(most, wait);
            world.log().catchUp();
            records.forEach(this::take);
        } catch (WalException error) {
            world.log().catchUp();
            failed(error);
        } catch (RuntimeException bug) {
            over = true;
            world.violations().report(name + " throws " + bug);
        }
    }

    private void take(LogRecord record) {
        var expected = next;
        world.violations()
                .check(
                        record.lsn() == expected,
                        () -> "P3: " + name + " gives LSN " + record.lsn() + " where " + expected + " is next");
        var live = world.log().live();
        world.violations()
                .check(
                        record.lsn() < live.size()
                                && live.get((int) record.lsn()).data().equals(record.data()),
                        () -> "P3: " + name + " gives at LSN " + record.lsn() + " what is not in the log: " + record);
        next = record.lsn() + 1;
    }

    private void failed(WalException error) {
        if (error.code() == ErrorCode.UNAVAILABLE) {
            return; // try again
        }
        over = true;
        if (error.code() == ErrorCode.TRIMMED && next < world.trimmedBelow()) {
            return;
        }
        world.violations().report(name + " ends with " + error.getMessage());
    }

    void close() {
        over = true;
        reader.close();
    }
}
