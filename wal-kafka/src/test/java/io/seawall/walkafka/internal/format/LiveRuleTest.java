package io.seawall.walkafka.internal.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.walkafka.internal.format.LiveRule.Action;
import io.seawall.walkafka.internal.format.LiveRule.Position;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests the table of docs/protocol.md#live-rule: the action for each record of a log. */
class LiveRuleTest {
    /**
     * A row.
     *
     * @param name the name of the test case
     * @param log the {@code wal} headers, in the order of the partition
     * @param expected the action for each record
     * @param next the next LSN after the last record
     */
    record Row(String name, List<String> log, List<Action> expected, long next) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Row row(String name, String log, long next, Action... expected) {
        return new Row(name, List.of(log.split(", ")), List.of(expected), next);
    }

    static Stream<Row> fromTheStartOfALog() {
        return Stream.of(
                row("delivers in order", "1.0/0, 1.0/1, 1.0/2", 3, Action.DELIVER, Action.DELIVER, Action.DELIVER),
                row(
                        "a batch is delivered when it is complete",
                        "1.0/0+2, 1.0/1+1, 1.0/2+0",
                        3,
                        Action.BUFFER,
                        Action.BUFFER,
                        Action.DELIVER),
                row(
                        "a lease may stand inside a batch",
                        "1.0/0+1, 1.0 lease, 1.0/1+0",
                        2,
                        Action.BUFFER,
                        Action.PASS,
                        Action.DELIVER),
                row(
                        "an incomplete batch is void once a higher stamp follows",
                        "1.0/0, 1.0/1+1, 2.0/1 snapshot, 2.0/1",
                        2,
                        Action.DELIVER,
                        Action.BUFFER,
                        Action.PASS,
                        Action.DELIVER),
                row("a claim is ignored", "1.0/0, 9.0 claim, 1.0/1", 2, Action.DELIVER, Action.PASS, Action.DELIVER),
                row(
                        "records below the highest stamp are void",
                        "1.0/0, 2.0 claim, 2.0 lease, 1.0/1, 2.0/1",
                        2,
                        Action.DELIVER,
                        Action.PASS,
                        Action.PASS,
                        Action.VOID,
                        Action.DELIVER),
                row(
                        "a stamp that was never claimed is foreign, and does not end the owner",
                        "1.0/0, 9.0/1, 9.0 lease, 9.0/0@1, 1.0/1",
                        2,
                        Action.DELIVER,
                        Action.FOREIGN,
                        Action.FOREIGN,
                        Action.FOREIGN,
                        Action.DELIVER),
                row(
                        "a forced tail needs no claim",
                        "1.0/0, 9.0/1 snapshot, 10.0 claim, 10.0/1 snapshot, 10.0/1",
                        2,
                        Action.DELIVER,
                        Action.PASS,
                        Action.PASS,
                        Action.PASS,
                        Action.DELIVER),
                row(
                        "a number that its stamp used before is forged",
                        "1.0/0, 1.0/1, 1.0/0, 1.0/1, 1.0/2",
                        3,
                        Action.DELIVER,
                        Action.DELIVER,
                        Action.FORGED,
                        Action.FORGED,
                        Action.DELIVER),
                row(
                        "a forged number inside a batch does not end the batch",
                        "1.0/0, 1.0/1+1, 1.0/0, 1.0/1+1, 1.0/2+0",
                        3,
                        Action.DELIVER,
                        Action.BUFFER,
                        Action.FORGED,
                        Action.FORGED,
                        Action.DELIVER),
                row(
                        "a snapshot with an earlier number is forged",
                        "1.0/0 snapshot, 1.0/0, 1.0/1, 1.0/0 snapshot, 1.0/2",
                        3,
                        Action.PASS,
                        Action.DELIVER,
                        Action.DELIVER,
                        Action.FORGED,
                        Action.DELIVER),
                row("a lower epoch of the same term is void too", "1.1/0, 1.0/1", 1, Action.DELIVER, Action.VOID),
                row(
                        "copies of delivered records are skipped",
                        "1.0/0, 1.0/1, 2.0 claim, 2.0/1@1, 2.0/2 snapshot, 2.0/2",
                        3,
                        Action.DELIVER,
                        Action.DELIVER,
                        Action.PASS,
                        Action.COPY,
                        Action.PASS,
                        Action.DELIVER),
                row(
                        "copies of records that were not seen are delivered",
                        "2.0/0@1, 2.0/1 snapshot",
                        1,
                        Action.DELIVER,
                        Action.PASS),
                row(
                        "a hole is held, and void when a higher stamp follows",
                        "1.0/0, 1.0/2, 1.0/3, 2.0/1 snapshot, 2.0/1",
                        2,
                        Action.DELIVER,
                        Action.HOLD,
                        Action.HOLD,
                        Action.PASS,
                        Action.DELIVER),
                row(
                        "a snapshot behind a record that the broker refused is held",
                        "1.0/0, 1.0/2 snapshot, 1.0/2, 2.0/1 snapshot, 2.0/1",
                        2,
                        Action.DELIVER,
                        Action.HOLD,
                        Action.HOLD,
                        Action.PASS,
                        Action.DELIVER),
                row(
                        "a snapshot behind a batch whose last member was refused is held",
                        "1.0/0, 1.0/1+1, 1.0/3 snapshot, 2.0/1 snapshot",
                        1,
                        Action.DELIVER,
                        Action.BUFFER,
                        Action.HOLD,
                        Action.PASS),
                row(
                        "a snapshot behind a hole is held",
                        "1.0/0, 1.0/2, 1.0/3 snapshot",
                        1,
                        Action.DELIVER,
                        Action.HOLD,
                        Action.HOLD),
                row(
                        "a record of the same stamp that fills the hole is held",
                        "1.0/0, 1.0/2, 1.0/1",
                        1,
                        Action.DELIVER,
                        Action.HOLD,
                        Action.HOLD),
                row(
                        "a hole inside a batch discards the batch",
                        "1.0/0, 1.0/1+2, 1.0/3+0, 2.0/1 snapshot",
                        1,
                        Action.DELIVER,
                        Action.BUFFER,
                        Action.HOLD,
                        Action.PASS),
                row(
                        "a number that is used again is a loss",
                        "1.0/0, 1.0/1, 2.0 claim, 2.0/1",
                        2,
                        Action.DELIVER,
                        Action.DELIVER,
                        Action.PASS,
                        Action.LOST_AND_REUSED),
                row(
                        "a number that is used again behind copies is a loss",
                        "1.0/0, 1.0/1, 1.0/2, 2.0 claim, 2.0/0@1, 2.0/1@1, 2.0/2",
                        3,
                        Action.DELIVER,
                        Action.DELIVER,
                        Action.DELIVER,
                        Action.PASS,
                        Action.COPY,
                        Action.COPY,
                        Action.LOST_AND_REUSED),
                row(
                        "a snapshot below the next LSN behind copies is a loss",
                        "1.0/0, 1.0/1, 1.0/2, 2.0 claim, 2.0/0@1, 2.0/1@1, 2.0/2 snapshot",
                        3,
                        Action.DELIVER,
                        Action.DELIVER,
                        Action.DELIVER,
                        Action.PASS,
                        Action.COPY,
                        Action.COPY,
                        Action.LOST_BEFORE),
                row(
                        "a first record of a new owner above the next LSN is a loss",
                        "1.0/0, 2.0 claim, 2.0/2",
                        1,
                        Action.DELIVER,
                        Action.PASS,
                        Action.LOST_BEFORE),
                row(
                        "a lease does not hide that loss",
                        "1.0/0, 2.0 claim, 2.0 lease, 2.0/2",
                        1,
                        Action.DELIVER,
                        Action.PASS,
                        Action.PASS,
                        Action.LOST_BEFORE),
                row(
                        "a copy above the next LSN is a loss",
                        "1.0/0, 2.0 claim, 2.0/2@1",
                        1,
                        Action.DELIVER,
                        Action.PASS,
                        Action.LOST_BEFORE),
                row(
                        "a first snapshot above the next LSN is a loss",
                        "1.0/0, 2.0/2 snapshot",
                        1,
                        Action.DELIVER,
                        Action.LOST_BEFORE),
                row(
                        "a first snapshot below the next LSN is a loss",
                        "1.0/0, 1.0/1, 2.0/1 snapshot",
                        2,
                        Action.DELIVER,
                        Action.DELIVER,
                        Action.LOST_BEFORE),
                row(
                        "after a new owner's first record a gap is a hole",
                        "1.0/0, 2.0 claim, 2.0/1, 2.0/3",
                        2,
                        Action.DELIVER,
                        Action.PASS,
                        Action.DELIVER,
                        Action.HOLD),
                row(
                        "a snapshot inside a batch breaks it",
                        "1.0/0+1, 1.0/1 snapshot",
                        0,
                        Action.BUFFER,
                        Action.BROKEN_BATCH),
                row("members that do not count down", "1.0/0+2, 1.0/1+2", 0, Action.BUFFER, Action.BROKEN_BATCH),
                row("a repeated member is forged", "1.0/0+2, 1.0/0+2", 0, Action.BUFFER, Action.FORGED));
    }

    static Stream<Row> fromTheBeginningOfALog() {
        return Stream.of(
                row(
                        "records before the first claim are void",
                        "5.0/10, 5.0/0, 5.0/1+1, 5.0 lease, 5.0/3 snapshot, 6.0 claim, 6.0/0 snapshot, 6.0/0",
                        1,
                        Action.VOID,
                        Action.VOID,
                        Action.VOID,
                        Action.VOID,
                        Action.VOID,
                        Action.PASS,
                        Action.PASS,
                        Action.DELIVER),
                row(
                        "higher terms before the first claim do not count",
                        "9.0/10, 6.0 claim, 6.0/0 snapshot, 6.0/0",
                        1,
                        Action.VOID,
                        Action.PASS,
                        Action.PASS,
                        Action.DELIVER),
                row(
                        "a gap behind the first claim is a loss",
                        "6.0 claim, 7.0 claim, 6.0/1",
                        0,
                        Action.PASS,
                        Action.PASS,
                        Action.LOST_BEFORE));
    }

    static Stream<Row> fromARecordWithLsn500() {
        return Stream.of(
                row("the record itself", "3.0/500, 3.0/501", 502, Action.DELIVER, Action.DELIVER),
                row("a copy of it", "3.0/500@2, 3.0/501@2", 502, Action.DELIVER, Action.DELIVER),
                row("the middle of a batch", "3.0/500+1, 3.0/501+0", 502, Action.BUFFER, Action.DELIVER),
                row("a snapshot", "3.0/500 snapshot, 3.0/500", 501, Action.PASS, Action.DELIVER),
                row("an earlier record at its offset is a loss", "3.0/400", 500, Action.LOST_AND_REUSED),
                row(
                        "the first stamp needs no claim, the next one does",
                        "3.0/500, 4.0/501",
                        501,
                        Action.DELIVER,
                        Action.FOREIGN),
                row("a later record at its offset is a loss", "3.0/501", 500, Action.LOST_BEFORE));
    }

    @ParameterizedTest
    @MethodSource
    void fromTheStartOfALog(Row row) {
        run(row, Position.after(Stamp.NONE, 0));
    }

    @ParameterizedTest
    @MethodSource
    void fromTheBeginningOfALog(Row row) {
        run(row, LogPoint.at(0, 0).position());
    }

    @ParameterizedTest
    @MethodSource
    void fromARecordWithLsn500(Row row) {
        run(row, LogPoint.at(7, 500).position());
    }

    /** Rows for a reader that may skip forged records. */
    static Stream<Row> passingForgedRecords() {
        return Stream.of(
                row(
                        "the next number behind a higher one shows that the higher one is forged",
                        "1.0/0, 1.0/100, 1.0/1, 1.0/2",
                        3,
                        Action.DELIVER,
                        Action.HOLD,
                        Action.DELIVER,
                        Action.DELIVER),
                row(
                        "a snapshot with the next number shows it too",
                        "1.0/0, 1.0/100, 1.0/1 snapshot, 1.0/1",
                        2,
                        Action.DELIVER,
                        Action.HOLD,
                        Action.PASS,
                        Action.DELIVER),
                row(
                        "other numbers stay held, and a wrong number of the next owner is still a loss",
                        "1.0/0, 1.0/100, 1.0/2, 2.0 claim, 2.0/3 snapshot",
                        1,
                        Action.DELIVER,
                        Action.HOLD,
                        Action.HOLD,
                        Action.PASS,
                        Action.LOST_BEFORE));
    }

    @ParameterizedTest
    @MethodSource
    void passingForgedRecords(Row row) {
        run(row, Position.after(Stamp.NONE, 0), true);
    }

    private static void run(Row row, Position start) {
        run(row, start, false);
    }

    private static void run(Row row, Position start, boolean passing) {
        var position = start;
        var actions = new ArrayList<Action>();
        for (var text : row.log()) {
            var header = WalHeaderCodec.read(text.getBytes(StandardCharsets.US_ASCII));
            Objects.requireNonNull(header, text);
            var step = LiveRule.next(passing ? LiveRule.passing(position, header) : position, header);
            actions.add(step.action());
            position = step.position();
        }

        assertThat(actions).isEqualTo(row.expected());
        assertThat(position.next()).isEqualTo(row.next());
    }
}
