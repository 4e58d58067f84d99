package io.seawall.walkafka.internal.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.Appended;
import io.seawall.wal.WriterSeq;
import io.seawall.walkafka.internal.format.WriterSession.Written;
import io.seawall.walkafka.internal.format.WriterSessions.Bounds;
import io.seawall.walkafka.internal.format.WriterSessions.Place;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the table of writer sessions, and that all readers of the same log have the same table. */
class WriterSessionsTest {
    private static final Bounds ROOMY = new Bounds(100, Duration.ofDays(7), 100_000);

    private WriterSessions table = new WriterSessions(ROOMY);
    private long tail;
    private long nowMs = 1_700_000_000_000L;

    @ParameterizedTest(name = "after batches 0 to 6 of one session, {0} is {1}")
    @CsvSource({
        "w/7, Next[]",
        "w/8, Gap[expected=7]",
        "w/6, 'Known[written=Written[term=7, first=12, count=2]]'",
        "w/2, 'Known[written=Written[term=7, first=4, count=2]]'",
        "w/1, Forgotten[expected=7]",
        "w/0, Forgotten[expected=7]",
        "v/0, Next[]",
        "v/1, Gap[expected=0]",
    })
    void findsThePlaceOfANumber(String writer, String place) {
        for (var seq = 0; seq <= 6; seq++) {
            write("w", seq, 2);
        }

        assertThat(table.place(WriterSeq.parse(writer))).hasToString(place);
    }

    @Test
    void answersARepetitionWithTheFirstResult() {
        write("w", 0, 3);

        assertThat(new Written(7, 0, 3).repeated()).isEqualTo(new Appended(7, 0, 2, true));
        assertThat(table.place(new WriterSeq("w", 0))).isEqualTo(new Place.Known(new Written(7, 0, 3)));
    }

    @Test
    void forgetsTheSessionThatWroteLongestAgoAboveTheNumber() {
        table = new WriterSessions(new Bounds(2, Duration.ofDays(7), 100_000));
        write("a", 0, 1);
        write("b", 0, 1);
        write("a", 1, 1);

        write("c", 0, 1);

        assertThat(ids()).containsExactly("a", "c");
        assertThat(table.place(new WriterSeq("b", 1))).isEqualTo(new Place.Gap(0));
        assertThat(table.place(new WriterSeq("b", 0))).isEqualTo(new Place.Next());
    }

    @Test
    void forgetsSessionsThatAreOlderThanTheAge() {
        table = new WriterSessions(new Bounds(100, Duration.ofSeconds(10), 100_000));
        write("a", 0, 1);
        nowMs += 1;
        write("b", 0, 1);
        nowMs += 10_000;

        write("c", 0, 1);

        assertThat(ids()).containsExactly("b", "c");
    }

    @Test
    void aClockThatJumpsEightDaysForgetsNoSession() {
        write("a", 0, 1);
        nowMs += Duration.ofDays(8).toMillis();

        write("b", 0, 1);

        assertThat(table.place(new WriterSeq("a", 0))).isEqualTo(new Place.Known(new Written(7, 0, 1)));
        assertThat(table.place(new WriterSeq("a", 1))).isEqualTo(new Place.Next());
    }

    @Test
    void aPauseCountsAsAnHourAtMost() {
        write("a", 0, 1);
        for (var day = 0; day < 7 * 24; day++) {
            nowMs += Duration.ofDays(1).toMillis();
            write("b", day, 1);
        }
        assertThat(ids()).as("168 pauses").containsExactly("a", "b");

        nowMs += 1;
        write("b", 168, 1);

        assertThat(ids()).containsExactly("b");
    }

    @Test
    void oneSessionThatWritesFromTimeToTimeIsNotForgotten() {
        for (var week = 0; week < 60; week++) {
            nowMs += Duration.ofDays(7).toMillis();
            write("a", week, 1);
        }

        assertThat(table.place(new WriterSeq("a", 60))).isEqualTo(new Place.Next());
        assertThat(table.sessions()).extracting(WriterSession::timestampMs).containsExactly(nowMs);
    }

    @Test
    void forgetsSessionsUntilASnapshotFits() {
        var bounds = new Bounds(1_000, Duration.ofDays(7), 1_000);
        table = new WriterSessions(bounds);
        for (var at = 0; at < 100; at++) {
            write("session-" + at % 30, at / 30, 1);
        }

        assertThat(ids()).hasSizeBetween(10, 29).endsWith("session-9");
        assertThat(arrayBytes(table)).isBetween(800, 1_000);
    }

    @Test
    void theSizeOfASessionIsExact() {
        var random = new Random(7);
        for (var round = 0; round < 200; round++) {
            var batches = new ArrayList<Written>();
            for (var at = 0; at <= random.nextInt(5); at++) {
                batches.add(new Written(random.nextInt(100), random.nextLong(Long.MAX_VALUE), random.nextInt(1_000)));
            }
            var session = new WriterSession(
                    "x".repeat(1 + random.nextInt(100)), random.nextLong(Long.MAX_VALUE), nowMs, batches);

            // Adds the outer brackets and subtracts the comma after the last session.
            assertThat(arrayBytes(new WriterSessions(ROOMY, List.of(session)))).isEqualTo(session.encodedBytes() + 1);
        }
    }

    @Test
    void aNumberThatStartsAgainReplacesTheSession() {
        write("w", 0, 1);
        write("w", 1, 1);

        write("w", 0, 5);

        assertThat(table.place(new WriterSeq("w", 0))).isEqualTo(new Place.Known(new Written(7, 2, 5)));
        assertThat(table.place(new WriterSeq("w", 1))).isEqualTo(new Place.Next());
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void aReplayFromAnySnapshotGivesTheSameTable(long seed) throws IOException {
        var random = new Random(seed);
        var bounds = new Bounds(
                2 + random.nextInt(10), Duration.ofMillis(1 + random.nextInt(500)), 200 + random.nextInt(800));
        table = new WriterSessions(bounds);
        var log = new ArrayList<SessionBatch>();
        var snapshots = new ArrayList<byte[]>();
        for (var step = 0; step < 300; step++) {
            var id = "w" + random.nextInt(12);
            nowMs += random.nextInt(30)
                    + (random.nextInt(20) == 0
                            ? random.nextLong(Duration.ofDays(9).toMillis())
                            : 0);
            snapshots.add(snapshot(table));
            log.add(write(id, next(id), 1 + random.nextInt(1_000)));
        }

        var whole = table.sessions();
        assertThat(whole.size()).as("the bounds were reached").isLessThan(12);
        for (var at = 0; at < log.size(); at++) {
            var replayed = new WriterSessions(bounds, ControlBody.sessions(snapshots.get(at)));
            log.subList(at, log.size()).forEach(replayed::replay);

            assertThat(replayed.sessions()).as("from snapshot %s", at).isEqualTo(whole);
        }
    }

    private long next(String id) {
        return table.place(new WriterSeq(id, Long.MAX_VALUE / 100)) instanceof Place.Gap gap ? gap.expected() : 0;
    }

    private SessionBatch write(String id, long seq, int count) {
        var batch = new SessionBatch(new WriterSeq(id, seq), 7, tail, count, nowMs);
        tail += count;
        table.replay(batch);
        return batch;
    }

    private List<String> ids() {
        return table.sessions().stream().map(WriterSession::id).toList();
    }

    private static byte[] snapshot(WriterSessions table) {
        return new ControlBody.Snapshot(new ControlBody.Author("n", "n/1", null), "x", 0).toBytes(table.sessions());
    }

    /** Returns the length of the array of sessions in a snapshot, in bytes. */
    private static int arrayBytes(WriterSessions table) {
        var body = new String(snapshot(table), StandardCharsets.UTF_8);
        return body.lastIndexOf(']') + 1 - body.indexOf("[[");
    }
}
