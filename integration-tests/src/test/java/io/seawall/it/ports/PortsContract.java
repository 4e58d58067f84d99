package io.seawall.it.ports;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.Header;
import io.seawall.wal.WalException;
import io.seawall.wal.WalRecord;
import io.seawall.walkafka.port.FlushOffsets;
import io.seawall.walkafka.port.Lane;
import io.seawall.walkafka.port.LaneFault;
import io.seawall.walkafka.port.LaneFault.Kind;
import io.seawall.walkafka.port.LaneProducer;
import io.seawall.walkafka.port.LogCursor;
import io.seawall.walkafka.port.LogCursor.Isolation;
import io.seawall.walkafka.port.LogCursor.Stored;
import io.seawall.walkafka.port.OffsetGoneException;
import io.seawall.walkafka.port.TopicAdmin;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * What wal-kafka requires of its ports, on real brokers and in the simulation: the facts of docs/kafka.md, as far as a test
 * can make a broker show them.
 */
abstract class PortsContract extends ContractSteps {
    @Test
    void committedRecordsAreSeenInBothViewsAsTheyWereSent() {
        var pchannel = kafka().newTopic("plain");
        var lane = initialized(pchannel, Lane.A);
        var data = new WalRecord(
                null, "v".getBytes(UTF_8), List.of(new Header("h", null), new Header("h", new byte[] {1})));

        lane.begin();
        await(sent(lane, new LaneProducer.Outgoing("1.0/7".getBytes(UTF_8), "w/3".getBytes(UTF_8), 1_234L, data)));
        await(lane.commit());

        for (var isolation : Isolation.values()) {
            assertThat(read(pchannel, isolation)).singleElement().satisfies(stored -> {
                assertThat(stored.offset()).isZero();
                assertThat(stored.timestampMs()).isEqualTo(1_234L);
                assertThat(stored.wal()).asString(UTF_8).isEqualTo("1.0/7");
                assertThat(stored.writer()).asString(UTF_8).isEqualTo("w/3");
                assertThat(stored.data()).isEqualTo(data);
            });
        }
        lane.close();
    }

    @Test
    void anOpenTransactionIsSeenUncommittedAlone() {
        var pchannel = kafka().newTopic("open");
        var lane = initialized(pchannel, Lane.A);
        lane.begin();
        send(lane, "a");
        send(lane, "b");

        assertThat(values(pchannel, Isolation.UNCOMMITTED)).containsExactly("a", "b");
        assertThat(end(pchannel, Isolation.COMMITTED)).isZero();
        lane.close();
    }

    @Test
    void anOpenTransactionHoldsBackWhatAnotherLaneCommitsBehindIt() {
        var pchannel = kafka().newTopic("held");
        var first = initialized(pchannel, Lane.A);
        var second = initialized(pchannel, Lane.B);
        first.begin();
        send(first, "a");
        commit(second, "b");

        assertThat(end(pchannel, Isolation.COMMITTED)).isZero();

        await(first.commit());
        kafka().eventually(
                        () -> assertThat(values(pchannel, Isolation.COMMITTED)).containsExactly("a", "b"));
        first.close();
        second.close();
    }

    @Test
    void markersTakeOffsetsAndAreSteppedOver() {
        var pchannel = kafka().newTopic("markers");
        var lane = initialized(pchannel, Lane.A);
        commit(lane, "a");
        commit(lane, "b");

        kafka().eventually(() -> assertThat(read(pchannel, Isolation.COMMITTED))
                .extracting(Stored::offset)
                .containsExactly(0L, 2L));
        kafka().eventually(() -> assertThat(end(pchannel, Isolation.COMMITTED)).isEqualTo(4));
        lane.close();
    }

    @Test
    void offsetsGrowInTheOrderOfSending() {
        var pchannel = kafka().newTopic("many");
        var lane = initialized(pchannel, Lane.A);
        lane.begin();
        send(lane, "first");
        var offsets = new ArrayList<CompletableFuture<Long>>();
        for (var index = 0; index < 50; index++) {
            offsets.add(sent(lane, record("r" + index)));
        }

        assertThat(offsets.stream().map(this::await)).isSorted().doesNotHaveDuplicates();
        await(lane.commit());
        lane.close();
    }

    @Test
    void oneProducerCommitsManyTransactions() {
        var pchannel = kafka().newTopic("again");
        var lane = initialized(pchannel, Lane.A);
        for (var index = 0; index < 12; index++) {
            commit(lane, "r" + index);
        }

        kafka().eventually(
                        () -> assertThat(values(pchannel, Isolation.COMMITTED)).hasSize(12));
        lane.close();
    }

    /** Fences inside an open transaction: the acknowledged record stays, and is aborted. */
    @Test
    void anInitFencesAnOpenTransactionAndAbortsIt() {
        var pchannel = kafka().newTopic("case-a");
        var stale = initialized(pchannel, Lane.A);
        stale.begin();
        send(stale, "acknowledged");
        var owner = initialized(pchannel, Lane.A);

        assertThat(end(pchannel, Isolation.COMMITTED)).isEqualTo(end(pchannel, Isolation.UNCOMMITTED));
        assertFails(sent(stale, record("zombie")), Kind.FENCED);
        assertFails(stale.commit(), Kind.FENCED);
        commit(owner, "next");

        assertThat(values(pchannel, Isolation.UNCOMMITTED)).containsExactly("acknowledged", "next");
        kafka().eventually(
                        () -> assertThat(values(pchannel, Isolation.COMMITTED)).containsExactly("next"));
        stale.close();
        owner.close();
    }

    @Test
    void aFencedTransactionCannotBeCommitted() {
        var pchannel = kafka().newTopic("case-a2");
        var stale = initialized(pchannel, Lane.A);
        stale.begin();
        send(stale, "acknowledged");
        var owner = initialized(pchannel, Lane.A);

        assertFails(stale.commit(), Kind.FENCED);

        assertThat(values(pchannel, Isolation.COMMITTED)).isEmpty();
        stale.close();
        owner.close();
    }

    /** Fences between transactions: the partition would accept the record, but the coordinator does not. */
    @Test
    void anInitFencesAProducerBetweenTransactions() {
        var pchannel = kafka().newTopic("case-b");
        var stale = initialized(pchannel, Lane.A);
        commit(stale, "before");
        var owner = initialized(pchannel, Lane.A);

        stale.begin();
        assertFails(sent(stale, record("zombie")), Kind.FENCED);
        assertFails(stale.commit(), Kind.FENCED);

        assertThat(values(pchannel, Isolation.UNCOMMITTED)).containsExactly("before");
        stale.close();
        owner.close();
    }

    /** Fences before the first transaction. */
    @Test
    void anInitFencesAProducerThatNeverWrote() {
        var pchannel = kafka().newTopic("case-c");
        var stale = initialized(pchannel, Lane.A);
        var owner = initialized(pchannel, Lane.A);

        stale.begin();
        assertFails(sent(stale, record("zombie")), Kind.FENCED);

        assertThat(values(pchannel, Isolation.UNCOMMITTED)).isEmpty();
        stale.close();
        owner.close();
    }

    @Test
    void anInitOfOneLaneLeavesTheOtherAlone() {
        var pchannel = kafka().newTopic("lanes");
        var untouched = initialized(pchannel, Lane.B);
        var owner = initialized(pchannel, Lane.A);

        assertThatCode(() -> commit(untouched, "b")).doesNotThrowAnyException();
        untouched.close();
        owner.close();
    }

    /** Therefore an empty commit proves nothing. */
    @Test
    void anEmptyTransactionIsCommittedEvenByAFencedProducer() {
        var pchannel = kafka().newTopic("empty");
        var stale = initialized(pchannel, Lane.A);
        var owner = initialized(pchannel, Lane.A);

        stale.begin();

        assertThatCode(() -> await(stale.commit())).doesNotThrowAnyException();
        stale.close();
        owner.close();
    }

    @Test
    void aRecordThatTheTopicDoesNotTakeFailsAndSoDoesItsTransaction() {
        var pchannel = kafka().newTopic("large");
        var lane = initialized(pchannel, Lane.A);
        kafka().limitMessages(pchannel, 600);
        lane.begin();
        send(lane, "small");

        kafka().eventually(() -> assertFails(sent(lane, record("x".repeat(2_000))), Kind.TOO_LARGE));
        // Kafka's client only reports that it is in an error state, not which one, unless the commit was requested
        // before
        // the error.
        assertFails(lane.commit(), Kind.UNAVAILABLE, Kind.TOO_LARGE);

        assertThat(values(pchannel, Isolation.UNCOMMITTED)).contains("small").doesNotContain("x".repeat(2_000));
        lane.close();
    }

    @Test
    void aClosedProducerFailsEverything() {
        var pchannel = kafka().newTopic("closed");
        var lane = initialized(pchannel, Lane.A);
        lane.begin();
        lane.close();
        lane.close();

        assertFails(sent(lane, record("late")), Kind.UNAVAILABLE);
        assertFails(lane.commit(), Kind.UNAVAILABLE);
    }

    @Test
    void nothingIsSentOutsideOfATransaction() {
        var pchannel = kafka().newTopic("outside");
        var lane = initialized(pchannel, Lane.A);

        assertFails(sent(lane, record("r")), Kind.UNAVAILABLE);
        assertFails(lane.commit(), Kind.UNAVAILABLE);
        lane.close();
    }

    @Test
    void aTransactionBeginsOnlyAfterTheInitAndOnlyOnce() {
        var pchannel = kafka().newTopic("begin");
        var lane = producer(pchannel, Lane.A);
        assertThat(catchThrowable(lane::begin)).isInstanceOf(LaneFault.class);
        await(lane.init());
        lane.begin();

        assertThat(catchThrowable(lane::begin)).isInstanceOf(LaneFault.class);
        lane.close();
    }

    @Test
    void aFetchAtTheEndGivesNothingAndStays() {
        var pchannel = kafka().newTopic("end");
        var lane = initialized(pchannel, Lane.A);
        commit(lane, "a");
        kafka().eventually(() -> assertThat(end(pchannel, Isolation.COMMITTED)).isEqualTo(2));

        try (var cursor = kafka().ports().cursors().open(pchannel, Isolation.COMMITTED)) {
            var fetched = await(cursor.fetch(2, LOOK));
            assertThat(fetched.records()).isEmpty();
            assertThat(fetched.next()).isEqualTo(2);
        }
        lane.close();
    }

    @Test
    void anOffsetThatIsNotThereIsGone() {
        var pchannel = kafka().newTopic("gone");
        var lane = initialized(pchannel, Lane.A);
        commit(lane, "a");
        commit(lane, "b");
        kafka().eventually(() -> assertThat(end(pchannel, Isolation.COMMITTED)).isEqualTo(4));
        kafka().deleteRecords(pchannel, 2);

        try (var cursor = kafka().ports().cursors().open(pchannel, Isolation.UNCOMMITTED)) {
            assertThat(await(cursor.range()).start()).isEqualTo(2);
            for (var offset : new long[] {0, 100}) {
                assertThat(catchThrowable(() -> kafka().await(fetchedAtLast(cursor, offset))))
                        .isInstanceOfSatisfying(
                                OffsetGoneException.class,
                                gone -> assertThat(gone.offset()).isEqualTo(offset));
            }
            assertThat(await(cursor.fetch(2, LOOK)).records()).hasSize(1);
        }
        lane.close();
    }

    /** Fetches until a fetch fails: a consumer's first fetch may time out before it knows the partition's leader. */
    private CompletableFuture<?> fetchedAtLast(LogCursor cursor, long offset) {
        for (var tries = 0; tries < 20; tries++) {
            var fetched = cursor.fetch(offset, LOOK);
            if (catchThrowable(() -> await(fetched)) != null) {
                return fetched;
            }
        }
        return CompletableFuture.completedFuture(null);
    }

    @Test
    void aClosedCursorSaysSo() {
        var pchannel = kafka().newTopic("cursor");
        for (var cursors : List.of(kafka().ports().cursors(), kafka().ports().readerCursors())) {
            var cursor = cursors.open(pchannel, Isolation.COMMITTED);
            cursor.close();

            assertThat(catchThrowable(() -> await(cursor.range())))
                    .isInstanceOfSatisfying(
                            WalException.class,
                            problem -> assertThat(problem.code()).isEqualTo(ErrorCode.SHUTTING_DOWN));
        }
    }

    @Test
    void aTopicThatIsCreatedAgainHasAnotherIdAndBeginsAtZero() {
        var pchannel = kafka().newTopic("twice");
        var lane = initialized(pchannel, Lane.A);
        commit(lane, "a");
        lane.close();
        var before = await(kafka().ports().topics().describe(pchannel.topic()));

        kafka().createAgain(pchannel);

        var after = await(kafka().ports().topics().describe(pchannel.topic()));
        assertThat(after.id()).isNotEqualTo(before.id());
        assertThat(after).extracting(TopicAdmin.Facts::partitions).isEqualTo(1);
        assertThat(end(pchannel, Isolation.UNCOMMITTED)).isZero();
    }

    @Test
    void theEndsOfAPartitionDifferWhileATransactionIsOpen() {
        var pchannel = kafka().newTopic("ends");
        var lane = initialized(pchannel, Lane.A);
        lane.begin();
        send(lane, "a");

        var open = await(kafka().ports().flushOffsets().ends(pchannel));

        assertThat(open).isEqualTo(new FlushOffsets.Ends(0, 1));
        await(lane.commit());
        kafka().eventually(() -> assertThat(await(kafka().ports().flushOffsets().ends(pchannel)))
                .isEqualTo(new FlushOffsets.Ends(2, 2)));
        lane.close();
    }

    @Test
    void theFlushersGroupHasTheOffsetThatWasCommittedLast() {
        var pchannel = kafka().newTopic("flushed");
        var other = kafka().newTopic("not-flushed");

        await(kafka().ports().flushOffsets().commit(pchannel, 7));
        await(kafka().ports().flushOffsets().commit(pchannel, 5));

        assertThat(kafka().flushOffset(pchannel)).isEqualTo(5);
        assertThat(kafka().flushOffset(other)).isEqualTo(-1);
    }

    @Test
    void anUnknownTopicIsNotFound() {
        assertThat(catchThrowable(() -> await(kafka().ports().topics().describe("no-such-topic"))))
                .isInstanceOfSatisfying(
                        WalException.class,
                        problem -> assertThat(problem.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }

    @Test
    void theSettingsOfANewTopicAreKnown() {
        var pchannel = kafka().newTopic("settings");

        var facts = await(kafka().ports().topics().describe(pchannel.topic()));

        assertThat(facts.settings())
                .containsEntry("cleanup.policy", "delete")
                .containsEntry("unclean.leader.election.enable", "false")
                .containsEntry("message.timestamp.type", "CreateTime");
    }
}
