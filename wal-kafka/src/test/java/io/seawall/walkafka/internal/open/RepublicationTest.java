package io.seawall.walkafka.internal.open;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.walkafka.internal.fake.FakeLane;
import io.seawall.walkafka.internal.fake.FakePartition;
import io.seawall.walkafka.internal.fake.ManualTime;
import io.seawall.walkafka.internal.format.Stamp;
import io.seawall.walkafka.internal.format.WalHeader;
import io.seawall.walkafka.port.Lane;
import io.seawall.walkafka.port.LogCursor.Isolation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests how term 7 republishes the records of term 6: which transactions it makes, and what a failure leaves. */
class RepublicationTest {
    private static final Stamp STAMP = new Stamp(7, 0);

    private final ManualTime time = new ManualTime();
    private final FakePartition before = new FakePartition(time); // the source of the records of term 6
    private final FakePartition log = new FakePartition(time);
    private final List<String> commits = new ArrayList<>();
    private final FakeLane lane = log.lane(Lane.A);
    private int acknowledged;

    RepublicationTest() {
        lane.init().join();
        lane.afterCommit(() -> commits.add(String.join("; ", log.committed())));
    }

    @Test
    void writesOnlyASnapshotIfThereIsNothingToCopy() {
        var offset = finish(republication(1_000), 4);

        assertThat(offset).isCompletedWithValue(0L);
        assertThat(commits).containsExactly("7.0/4 snapshot");
    }

    @ParameterizedTest(name = "{0} bytes: {1} transactions")
    @CsvSource({"1, 4", "150, 2", "100000, 1"})
    void eachTransactionIsCommittedBeforeTheNextAndTheSnapshotIsTheLastRecord(long bytes, int transactions) {
        var republication = republication(bytes);

        add(republication, "6.0/0");
        add(republication, "6.0/1+1", "6.0/2+0");
        add(republication, "6.0/3");
        finish(republication, 4).join();

        assertThat(commits).hasSize(transactions).isSorted();
        assertThat(log.committed()).containsExactly("7.0/0@6", "7.0/1+1@6", "7.0/2+0@6", "7.0/3@6", "7.0/4 snapshot");
        assertThat(republication.count()).isEqualTo(4);
    }

    /** The topic is created again: its next offset is 0 once more. */
    @Test
    void commitsNothingIfARecordGetsAnOffsetBelowTheClaim() {
        var republication =
                new Republication(lane, STAMP, 2, CopyBytes.always(1_000), Runnable::run, () -> acknowledged++);
        add(republication, "6.0/0");

        var finished = finish(republication, 1);

        assertThat(finished).isCompletedExceptionally();
        assertThat(commits).isEmpty();
    }

    @Test
    void neverSplitsABatchBetweenTwoTransactions() {
        var republication = republication(1);
        var batch = new String[100];
        Arrays.setAll(batch, at -> "6.0/" + at + "+" + (99 - at));

        add(republication, batch);

        assertThat(commits).hasSize(1);
        assertThat(log.committed()).hasSize(100);
    }

    @Test
    void keepsTimestampsSessionsAndFirstTerms() {
        before.committed("6.0/0@5 by w/3");
        var entry = before.entries(Isolation.UNCOMMITTED).get(0);
        time.advance(1_000);
        var republication = republication(1_000);

        republication.add(List.of(entry)).join();
        finish(republication, 1).join();

        var copy = log.entries(Isolation.COMMITTED).get(0);
        assertThat(log.committed()).startsWith("7.0/0@5 by w/3");
        assertThat(copy.timestampMs()).isEqualTo(entry.timestampMs()).isLessThan(time.wallMs());
        assertThat(copy.data()).isEqualTo(entry.data());
    }

    @Test
    void sendsTheFirstRecordOfATransactionAlone() {
        lane.holdsAcks();
        var republication = republication(100_000);
        add(republication, "6.0/0");
        add(republication, "6.0/1");

        var finished = finish(republication, 2);

        assertThat(log.live()).containsExactly("7.0/0@6");
        lane.acknowledgeOne();
        assertThat(log.live()).containsExactly("7.0/0@6", "7.0/1@6", "7.0/2 snapshot");
        assertThat(commits)
                .as("the time limit of the commit begins after the acknowledgements")
                .isEmpty();
        lane.acknowledgeAll();
        assertThat(finished).isCompletedWithValue(2L);
        assertThat(acknowledged).isEqualTo(3);
    }

    /** The code that follows a failure may close the producer, which waits for the producer's thread. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aFailureIsNotHandledOnTheProducersThread(int lost) {
        var tasks = new ArrayDeque<Runnable>();
        lane.refusesLsn(lost);
        var republication =
                new Republication(lane, STAMP, -1, CopyBytes.always(100_000), tasks::add, () -> acknowledged++);
        add(republication, "6.0/0");
        add(republication, "6.0/1");

        var finished = finish(republication, 2);

        for (var sent = 0; sent <= lost; sent++) {
            assertThat(finished).isNotDone();
            tasks.remove().run();
        }
        assertThat(finished).isCompletedExceptionally();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void commitsNothingIfTheSendOfARecordFails(int lost) {
        lane.refusesLsn(lost);
        var republication = republication(100_000);
        add(republication, "6.0/0");
        add(republication, "6.0/1");
        add(republication, "6.0/2");

        var finished = finish(republication, 3);

        assertThat(finished).isCompletedExceptionally();
        assertThat(log.committed()).isEmpty();
        assertThat(commits).isEmpty();
    }

    @Test
    void commitsNothingIfTheSendOfTheSnapshotFails() {
        lane.refuses(header -> header.kind() == WalHeader.Kind.SNAPSHOT);
        var republication = republication(100_000);
        add(republication, "6.0/0");

        assertThat(finish(republication, 1)).isCompletedExceptionally();
        assertThat(commits).isEmpty();
    }

    private Republication republication(long chunkBytes) {
        return new Republication(lane, STAMP, -1, CopyBytes.always(chunkBytes), Runnable::run, () -> acknowledged++);
    }

    private void add(Republication republication, String... headers) {
        var from = before.end();
        before.committed(headers);
        var batch = before.entries(Isolation.UNCOMMITTED).stream()
                .filter(entry -> entry.offset() >= from)
                .toList();
        republication.add(batch).join();
    }

    private CompletableFuture<Long> finish(Republication republication, long tail) {
        return republication.finish(tail, time.wallMs(), new byte[0]);
    }
}
