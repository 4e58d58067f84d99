package io.seawall.walkafka.internal.write;

import static io.seawall.walkafka.internal.fake.TestRecords.record;
import static io.seawall.walkafka.internal.fake.ThrownErrors.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.LogBounds;
import io.seawall.wal.LogRecord;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.WalException;
import io.seawall.walkafka.internal.fake.FakeKafka;
import io.seawall.walkafka.internal.fake.FakePartition;
import io.seawall.walkafka.internal.read.KafkaReaders;
import io.seawall.walkafka.port.LogCursor.Isolation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests a log into whose partition another program wrote records with Seawall's headers. */
class ForgedRecordsTest {
    private final FakeKafka kafka = new FakeKafka();
    private final FakePartition log = kafka.log();
    private KafkaReaders readers = kafka.readers();
    private long tail;

    private void append(KafkaWal wal, int count) {
        for (var each = 0; each < count; each++) {
            var appended = wal.append(List.of(record("own " + tail)));
            for (var wait = 0; wait < 500 && !appended.isDone(); wait++) {
                kafka.time().advance(10); // a recovery may be in progress
            }
            assertThat(appended).isDone();
            assertThat(appended.join().first()).isEqualTo(tail);
            tail++;
        }
        kafka.time().advance(5_000);
    }

    /** Writes records as a tool without transactions does: each is committed at once. */
    private void forge(String... headers) {
        log.plain(headers);
    }

    private static String[] numbers(String stamp, int from, int to) {
        return IntStream.range(from, to).mapToObj(lsn -> stamp + "/" + lsn).toArray(String[]::new);
    }

    /** Reads to the end. */
    private List<LogRecord> read(StartPosition from, View view) {
        try (var reader = readers.open(FakeKafka.PCHANNEL, from, view)) {
            var all = new ArrayList<LogRecord>();
            for (var some = reader.poll(100, Duration.ofSeconds(1));
                    !some.isEmpty();
                    some = reader.poll(100, Duration.ofSeconds(1))) {
                all.addAll(some);
            }
            return all;
        }
    }

    private Stream<StartPosition> starts() {
        return Stream.concat(
                LongStream.rangeClosed(0, tail).mapToObj(StartPosition::atLsn),
                Stream.of(StartPosition.oldest(), StartPosition.tail(), StartPosition.atTime(Instant.EPOCH)));
    }

    /** Asserts that readers from every position get the log's own records. */
    private void isReadEverywhere() {
        for (var view : View.values()) {
            assertThat(readers.bounds(FakeKafka.PCHANNEL, view)).isEqualTo(new LogBounds(0, tail));
            starts().forEach(from -> {
                var records = read(from, view);
                var first = from instanceof StartPosition.AtLsn at
                        ? at.lsn()
                        : from instanceof StartPosition.Tail ? tail : 0;
                assertThat(records)
                        .as("%s of the %s view", from, view)
                        .extracting(LogRecord::lsn)
                        .containsExactlyElementsOf(
                                LongStream.range(first, tail).boxed().toList());
                assertThat(records).allMatch(record -> text(record).equals("own " + record.lsn()));
            });
        }
    }

    private static String text(LogRecord record) {
        var value = record.data().value();
        return value == null ? "" : new String(value, StandardCharsets.UTF_8);
    }

    private void isForgedOrRight() {
        isRightOr(List.of(ErrorCode.FORGED));
    }

    /** Asserts that readers get only the log's own records, or one of these errors. */
    private void isRightOr(List<ErrorCode> codes) {
        for (var view : View.values()) {
            starts().forEach(from -> {
                try {
                    assertThat(read(from, view)).allMatch(record -> text(record).equals("own " + record.lsn()));
                } catch (WalException error) {
                    assertThat(error.code()).as("%s of the %s view", from, view).isIn(codes);
                }
                kafka.time().advance(1_000);
            });
        }
    }

    static Stream<List<String>> forgeries() {
        return Stream.of(
                List.of("7.0/0"),
                List.of("7.0/5"),
                List.of("7.0/5+0"),
                List.of("7.0/2+1", "7.0/3+0"),
                List.of(numbers("7.0", 0, 6)),
                Stream.of(0, 1, 2, 3, 4)
                        .flatMap(round -> Stream.of(numbers("7.0", 0, 6)))
                        .toList(),
                List.of("7.0/3 snapshot"),
                List.of("7.0 claim", "7.0/0 snapshot", "7.0/0", "7.0/1"),
                List.of("7.0/100"),
                List.of("7.0/100", "7.0/101"),
                List.of("7.0/100", "3.0/0"),
                List.of("9.0/0"),
                List.of("9.0/6"),
                List.of("9.0 lease", "9.0/0"),
                List.of("3.0/0"),
                List.of(numbers("3.0", 0, 30)),
                List.of("3.0/0 snapshot"),
                List.of("7.0/0@3", "7.0/5@3"));
    }

    /** The owner continues, and readers are served again. */
    @ParameterizedTest
    @MethodSource("forgeries")
    void aLivingOwnerKnowsWhichRecordsAreItsOwn(List<String> forged) {
        try (var wal = kafka.open(7)) {
            append(wal, 6);

            forge(forged.toArray(String[]::new));
            isForgedOrRight();

            kafka.time().advance(5_000);
            append(wal, 3);
            isReadEverywhere();
        }
    }

    @ParameterizedTest
    @MethodSource("forgeries")
    void aLivingOwnerKnowsItsRecordsEvenIfItContinuedBeforeAReadFoundTheOthers(List<String> forged) {
        try (var wal = kafka.open(7)) {
            append(wal, 6);

            forge(forged.toArray(String[]::new));
            append(wal, 3);
            isForgedOrRight();

            kafka.time().advance(5_000);
            isReadEverywhere();
            append(wal, 3);
            isReadEverywhere();
        }
    }

    /** The recovery writes into the log which records count, so another process needs no other knowledge. */
    @ParameterizedTest
    @MethodSource("forgeries")
    void afterTheRecoveryAnyProcessReadsTheLogAndTheNextOwnerContinues(List<String> forged) {
        try (var wal = kafka.open(7)) {
            append(wal, 6);
            forge(forged.toArray(String[]::new));
            append(wal, 1);
            isForgedOrRight();
            append(wal, 1);
        }

        readers = kafka.inAnotherProcess().readers();
        isReadEverywhere();
        try (var next = kafka.open(10)) {
            append(next, 3);
            isReadEverywhere();
        }
    }

    /** Numbers are never used again, whatever the last records of the log are. */
    @ParameterizedTest
    @MethodSource("forgeries")
    void anOpeningInAnotherProcessContinuesAtTheLogsEndOrRefuses(List<String> forged) {
        try (var wal = kafka.open(7)) {
            append(wal, 6);
        }
        forge(forged.toArray(String[]::new));
        readers = kafka.inAnotherProcess().readers();

        var opening = kafka.opening(10);
        opening.start();
        kafka.time().advance(1_000);

        assertThat(opening.wal()).isDone();
        if (opening.wal().isCompletedExceptionally()) {
            // Only the owner knows that a number that is left out is no loss.
            var mayBeLost = forged.get(0).equals("7.0/100");
            var code = mayBeLost ? ErrorCode.DATA_LOSS : ErrorCode.FORGED;
            assertThat(failure(opening.wal()).code()).isEqualTo(code);
            isRightOr(List.of(code));
        } else {
            append((KafkaWal) opening.wal().join(), 3);
            isReadEverywhere();
        }
    }

    /** Random records of the other program, at random times. */
    @ParameterizedTest
    @MethodSource("seeds")
    void noNumberIsUsedTwiceAndNoRecordIsLeftOut(long seed) {
        var random = new Random(seed);
        var wal = kafka.open(7);
        for (var step = 0; step < 40; step++) {
            switch (random.nextInt(4)) {
                case 0 -> append(wal, 1 + random.nextInt(3));
                case 1 -> forge(anyHeader(random, wal));
                case 2 -> isForgedOrRight();
                default -> kafka.time().advance(random.nextInt(3_000));
            }
        }
        isForgedOrRight();
        kafka.time().advance(5_000);
        assertThat(wal.ended()).isNotDone();
        isReadEverywhere();
        wal.close();
        readers = kafka.inAnotherProcess().readers();
        isReadEverywhere();
    }

    static LongStream seeds() {
        return LongStream.range(0, 100);
    }

    /** Returns any header but the owner's next number: a reader that sees that one first cannot tell it from the owner's. */
    private String anyHeader(Random random, KafkaWal wal) {
        var own = "7." + wal.epoch();
        var given = random.nextLong(tail + 1);
        var header = List.of(
                        own + "/" + (tail == 0 ? 50 : given % Math.max(1, tail)),
                        own + "/" + (tail + 2 + random.nextInt(50)),
                        own + "/" + given + " snapshot",
                        own + "/" + (tail == 0 ? 50 : given % tail) + "@3",
                        "3.0/" + given,
                        "7.0/" + (wal.epoch() > 0 ? given : tail + 90),
                        "9.0/" + (tail + random.nextInt(3)),
                        "9.0 lease",
                        own + " claim",
                        "not a header")
                .get(random.nextInt(10));
        return header;
    }

    @Test
    void withoutItsOwnerNobodyKnowsWhichOfTwoRecordsCounts() {
        try (var wal = kafka.open(7)) {
            append(wal, 6);
        }
        forge("7.0/0");
        kafka.inAnotherProcess();

        var opening = kafka.opening(8);
        opening.start();
        kafka.time().advance(1_000);

        var error = failure(opening.wal());
        assertThat(error.code()).isEqualTo(ErrorCode.FORGED);
        assertThat(error.problem().numbers()).containsEntry("lsn", 6L);
        assertThat(error).hasMessageContaining("wal=7.0/0").hasMessageContaining("docs/operations.md");
    }

    @Test
    void readersAtTheEndOfARefusedLogFailToo() {
        try (var wal = kafka.open(7)) {
            append(wal, 6);
        }
        forge("7.0/1");
        readers = kafka.inAnotherProcess().readers();
        kafka.opening(8).start();
        kafka.time().advance(1_000);

        for (var view : View.values()) {
            var error = failure(() -> read(StartPosition.atLsn(6), view));

            assertThat(error.code()).isEqualTo(ErrorCode.FORGED);
        }
    }

    /** The steps of docs/operations.md. */
    @ParameterizedTest
    @ValueSource(strings = {"7.0/0", "7.0/0;7.0/1;7.0/2;7.0/3;7.0/4;7.0/5", "7.0/100"})
    void anOperatorForcesTheTailOfARefusedLog(String forged) {
        try (var wal = kafka.open(7)) {
            append(wal, 6);
        }
        forge(forged.split(";"));
        readers = kafka.inAnotherProcess().readers();
        kafka.opening(8).start();
        kafka.time().advance(1_000);

        log.plain("9.0/6 snapshot");

        try (var wal = kafka.open(10)) {
            append(wal, 3);
            isReadEverywhere();
        }
    }

    /** After the owner's snapshot no lower number can be the owner's. */
    @ParameterizedTest
    @ValueSource(strings = {"7.0/0", "7.0/0;7.0/1;7.0/2;7.0/3;7.0/4;7.0/5", "7.0/2 snapshot"})
    void afterASnapshotAnyOwnerTellsThemApart(String forged) {
        try (var wal = kafka.open(7)) {
            append(wal, 6);
            var trimmed = wal.trim(6);
            kafka.time().advance(1_000);
            assertThat(trimmed).isCompleted();
        }
        forge(forged.split(";"));
        kafka.inAnotherProcess();

        try (var wal = kafka.open(8)) {
            assertThat(wal.tail()).isEqualTo(6);
        }
    }

    @Test
    void theOwnerTakesTheLogBackOnceAReaderHasFoundThem() {
        try (var wal = kafka.open(7)) {
            append(wal, 6);
            forge("7.0/0");

            failure(() -> read(StartPosition.oldest(), View.LIVE));

            kafka.time().advance(1_000);
            assertThat(wal.epoch()).as("taken back").isEqualTo(1);
            assertThat(log.committed()).endsWith("7.0/0", "7.1 claim", "7.1/6 snapshot");
        }
    }

    @Test
    void anOwnerInAnotherProcessIsNotTold() {
        try (var wal = kafka.open(7)) {
            append(wal, 6);
            forge("7.0/0");
            readers = kafka.inAnotherProcess().readers();

            assertThat(failure(() -> read(StartPosition.oldest(), View.LIVE)).code())
                    .isEqualTo(ErrorCode.FORGED);
            kafka.time().advance(1_000);
            assertThat(wal.epoch()).isZero();
        }
    }

    /** If they were aborted and written again, the other program's records would come first in the committed view. */
    @Test
    void uncommittedRecordsAreCommittedBeforeTheLogIsTakenBack() {
        try (var wal = kafka.open(7)) {
            for (; tail < 6; tail++) {
                wal.append(List.of(record("own " + tail))).join();
            }
            forge("7.0/0", "7.0/1", "7.0/5");

            failure(() -> read(StartPosition.oldest(), View.LIVE));
            var held = wal.append(List.of(record("own 6")));
            tail++;
            kafka.time().advance(5_000);

            assertThat(held).isCompleted();
            assertThat(wal.epoch()).isEqualTo(1);
            append(wal, 3);
            isReadEverywhere();
        }
        readers = kafka.inAnotherProcess().readers();
        isReadEverywhere();
    }

    /** The live view tells them apart before the lease ends. */
    @Test
    void theOwnersUncommittedRecordsAreNotLost() {
        try (var wal = kafka.open(7)) {
            append(wal, 3);
            wal.append(List.of(record("own 3"))).join();
            forge("7.0/1");
            wal.append(List.of(record("own 4"))).join();
            tail = 5;
            failure(() -> read(StartPosition.oldest(), View.LIVE));

            kafka.time().advance(5_000);

            append(wal, 1);
            isReadEverywhere();
            assertThat(log.entries(Isolation.COMMITTED)).isNotEmpty();
        }
    }
}
