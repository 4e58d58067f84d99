package io.seawall.coordinator.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.coordinator.meta.MetaCodec;
import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.meta.MetaRecord;
import io.seawall.coordinator.meta.MetaRecord.Topic;
import io.seawall.coordinator.meta.News;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The reader of the meta topic on Kafka's fake consumer, in the test's thread but for the last test. */
@Timeout(60)
class MetaReaderTest {
    private static final TopicPartition PARTITION = new TopicPartition("meta", 0);
    private static final Duration BETWEEN_CHECKS = Duration.ofSeconds(5);
    private static final Duration TOO_LONG = Duration.ofHours(25);
    private static final int EPOCH = 7;

    private final FakeLookup lookup = new FakeLookup();
    private final ArrayDeque<FakeConsumer> prepared = new ArrayDeque<>();
    private final List<List<News>> batches = new ArrayList<>();
    private final List<Boolean> currents = new ArrayList<>();
    private long elapsedMs = -1_000_000; // such a clock begins anywhere
    private long wallMs = 1_000_000;
    private @Nullable RuntimeException bug;

    private final MetaReader reader = new MetaReader(
            "meta", lookup, prepared::remove, this::take, new MetaReader.Clocks(() -> elapsedMs, () -> wallMs));

    private void take(List<News> news, boolean current) {
        var thrown = bug;
        bug = null;
        if (thrown != null) {
            throw thrown;
        }
        batches.add(news);
        currents.add(current);
    }

    /** A topic that is there, unless the test says otherwise. */
    private static final class FakeLookup implements MetaReader.Lookup {
        private Uuid topic = new Uuid(1, 1);
        private boolean ready = true;
        private int questions;
        private @Nullable RuntimeException error;

        @Override
        public Optional<Uuid> ensure() {
            if (error != null) {
                throw error;
            }
            return ready ? Optional.of(topic) : Optional.empty();
        }

        @Override
        public CompletableFuture<Uuid> id() {
            questions++;
            return error == null ? CompletableFuture.completedFuture(topic) : CompletableFuture.failedFuture(error);
        }
    }

    /** Kafka's fake consumer, which also notes to where it was sent. A test scripts what comes with each poll. */
    private static final class FakeConsumer extends MockConsumer<byte[], byte[]> {
        private final List<OffsetAndMetadata> seeks = new ArrayList<>();
        private int endRequests;
        private int pollsLeft = 1_000;

        private FakeConsumer(long end) {
            super("none");
            updateBeginningOffsets(Map.of(PARTITION, 0L));
            updateEndOffsets(Map.of(PARTITION, end));
        }

        /** A reader that does not end its attempt would poll for ever. */
        @Override
        public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            if (pollsLeft == 0) {
                throw new AssertionError("the attempt does not end");
            }
            pollsLeft--;
            return super.poll(timeout);
        }

        @Override
        public synchronized void seek(TopicPartition partition, long offset) {
            seeks.add(new OffsetAndMetadata(offset));
            super.seek(partition, offset);
        }

        @Override
        public synchronized void seek(TopicPartition partition, OffsetAndMetadata offset) {
            seeks.add(offset);
            super.seek(partition, offset);
        }

        @Override
        public synchronized Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
            endRequests++;
            return super.endOffsets(partitions);
        }

        FakeConsumer then(Runnable task) {
            schedulePollTask(task);
            return this;
        }

        FakeConsumer records(long first, MetaRecord... values) {
            return then(() -> {
                for (var each = 0; each < values.length; each++) {
                    addRecord(record(first + each, values[each].key().toString(), MetaCodec.write(values[each])));
                }
            });
        }

        FakeConsumer mark(long offset, MetaKey removed) {
            return then(() -> addRecord(record(offset, removed.toString(), null)));
        }

        FakeConsumer nothing() {
            return then(() -> {});
        }

        /** Ends the attempt. */
        FakeConsumer away() {
            return fails(new TimeoutException("Kafka is away"));
        }

        FakeConsumer fails(KafkaException error) {
            return then(() -> setPollException(error));
        }

        private static ConsumerRecord<byte[], byte[]> record(long offset, String key, byte @Nullable [] value) {
            return new ConsumerRecord<>(
                    "meta",
                    0,
                    offset,
                    0,
                    TimestampType.CREATE_TIME,
                    0,
                    0,
                    key.getBytes(UTF_8),
                    value,
                    new RecordHeaders(),
                    Optional.of(EPOCH));
        }
    }

    /** Prepares the next consumer; the last stable offset is {@code end} when it asks. */
    private FakeConsumer consumer(long end) {
        var made = new FakeConsumer(end);
        prepared.add(made);
        return made;
    }

    private void attempts(int times) {
        for (var each = 0; each < times; each++) {
            reader.attempt();
        }
        assertThat(prepared).as("consumers that were not used").isEmpty();
    }

    private static Topic topic(String name) {
        return new Topic(name, 1);
    }

    private static News written(String name) {
        return new News.Written(topic(name));
    }

    private static News removed(String name) {
        return new News.Removed(MetaKey.topic(name));
    }

    @Test
    void theReaderIsCurrentWhenItHasReachedTheEndOfItsStart() {
        consumer(3).records(0, topic("a"), topic("b")).records(2, topic("c")).away();

        attempts(1);

        assertThat(batches).containsExactly(List.of(written("a"), written("b")), List.of(written("c")));
        assertThat(currents).containsExactly(false, true);
    }

    @Test
    void anEmptyTopicMakesTheReaderCurrent() {
        consumer(0).nothing().nothing().away();

        attempts(1);

        assertThat(batches).containsExactly(List.of());
        assertThat(currents).containsExactly(true);
    }

    @Test
    void marksOfDeletedKeysAndRecordsOfUnknownKindsAreReadAsSuch() {
        var consumer = consumer(4).records(0, topic("a")).mark(1, MetaKey.topic("a"));
        consumer.then(() -> consumer.addRecord(FakeConsumer.record(2, "kind-of-a-later-version/a", new byte[0])));
        consumer.records(3, topic("b")).away();

        attempts(1);

        assertThat(batches).containsExactly(List.of(written("a")), List.of(removed("a")), List.of(written("b")));
    }

    /** A consumer stops in front of a transaction without an end, and so is the end that it is told. */
    @Test
    void whatATransactionHidesIsReadWhenItEnds() {
        consumer(1).records(0, topic("a")).nothing().records(3, topic("b")).away();

        attempts(1);

        assertThat(batches).containsExactly(List.of(written("a")), List.of(written("b")));
        assertThat(currents).containsExactly(true, true);
    }

    @Test
    void afterAnErrorTheReaderGoesOnWhereItWas() {
        consumer(1).records(0, topic("a")).away();
        consumer(2).records(1, topic("b")).away();

        attempts(2);

        assertThat(batches).containsExactly(List.of(written("a")), List.of(written("b")));
    }

    /** KIP-320: without the epoch a log that was cut off and has grown again looks like the same one (kafka #23183). */
    @Test
    void aNewConsumerIsToldTheLeaderEpochOfThePosition() {
        consumer(1).records(0, topic("a")).away();
        var second = consumer(1).away();

        attempts(2);

        assertThat(second.seeks).containsExactly(new OffsetAndMetadata(1, Optional.of(EPOCH), ""));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPositionThatIsGoneMakesTheStateThatOfTheTopic(boolean cut) {
        consumer(3).records(0, topic("a"), topic("b"), topic("c")).away();
        consumer(2)
                .fails(
                        cut
                                ? new LogTruncationException(
                                        Map.of(PARTITION, 3L), Map.of(PARTITION, new OffsetAndMetadata(1)))
                                : new OffsetOutOfRangeException(Map.of(PARTITION, 3L)));
        var third = consumer(2).records(0, topic("a")).records(1, topic("d")).away();

        attempts(3);

        assertThat(third.seeks).containsExactly(new OffsetAndMetadata(0));
        assertThat(batches.get(1))
                .as("in one piece")
                .containsExactly(removed("b"), removed("c"), written("a"), written("d"));
        assertThat(batches).hasSize(2);
        assertThat(currents).containsExactly(true, true);
    }

    @Test
    void aTopicThatWasMadeAgainIsReadFromItsFirstRecord() {
        consumer(1).records(0, topic("a")).then(() -> {
            lookup.topic = new Uuid(2, 2);
            elapsedMs += BETWEEN_CHECKS.toMillis();
        });
        consumer(0).nothing().away();

        attempts(2);

        assertThat(batches).containsExactly(List.of(written("a")), List.of(removed("a")));
        assertThat(currents).containsExactly(true, true);
    }

    @Test
    void aTopicThatIsGoneIsMadeAndThenReadFromItsFirstRecord() {
        consumer(1).records(0, topic("a")).then(() -> {
            lookup.error = new UnknownTopicOrPartitionException("meta");
            elapsedMs += BETWEEN_CHECKS.toMillis();
        });
        reader.attempt();
        lookup.error = null;
        lookup.ready = false;
        reader.attempt();
        assertThat(batches).hasSize(1);

        lookup.ready = true;
        lookup.topic = new Uuid(2, 2);
        consumer(1).records(0, topic("b")).away();
        attempts(1);

        assertThat(batches.get(1)).containsExactly(removed("a"), written("b"));
    }

    @Test
    void kafkaThatDoesNotAnswerTheQuestionForTheIdIsNoOtherTopic() {
        consumer(1)
                .records(0, topic("a"))
                .then(() -> {
                    lookup.error = new TimeoutException("Kafka is away");
                    elapsedMs += BETWEEN_CHECKS.toMillis();
                })
                .records(1, topic("b"))
                .away();

        attempts(1);

        assertThat(batches).hasSize(2);
    }

    @Test
    void theIdIsAskedForEveryFewSeconds() {
        var consumer = consumer(0);
        for (var second = 0; second < 60; second++) {
            consumer.then(() -> elapsedMs += 1_000);
        }
        consumer.away();

        attempts(1);

        assertThat(lookup.questions).isBetween(10, 12);
    }

    /** A machine that sleeps has a clock that stands still (nmap #180); marks of deleted keys are gone after a week. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void afterALongSilenceTheTopicIsReadAgain(boolean suspended) {
        consumer(2).records(0, topic("a"), topic("b")).then(() -> {
            wallMs += TOO_LONG.toMillis();
            elapsedMs += suspended ? 0 : TOO_LONG.toMillis();
        });
        consumer(1).records(0, topic("b")).away();

        attempts(2);

        assertThat(batches.get(1)).containsExactly(removed("a"), written("b"));
    }

    /** The end that the reader waits for may be cut off by an election (kafka-flow #849). */
    @Test
    void anEndThatIsLostMeanwhileIsNotWaitedFor() {
        var consumer = consumer(10).records(0, topic("a"));
        consumer.then(() -> consumer.updateEndOffsets(Map.of(PARTITION, 1L))).away();

        attempts(1);

        assertThat(currents).containsExactly(false, true);
    }

    @Test
    void anEndThatMovesOnIsNotChased() {
        var consumer = consumer(2).records(0, topic("a"));
        consumer.then(() -> consumer.updateEndOffsets(Map.of(PARTITION, 5L)))
                .records(1, topic("b"))
                .away();

        attempts(1);

        assertThat(currents).containsExactly(false, true);
        assertThat(consumer.endRequests).isEqualTo(2);
    }

    /** A reader whose thread died of one record served an old state for ever (schema-registry #836, #3192). */
    @Test
    void aFailureThatNobodyExpectsDoesNotEndTheReader() {
        consumer(1).records(0, topic("a")).away();
        bug = new IllegalArgumentException("a fault of the test");
        consumer(2).records(0, topic("a")).records(1, topic("b")).away();

        attempts(2);

        assertThat(batches).as("nothing is lost").containsExactly(List.of(written("a"), written("b")));
        assertThat(currents).containsExactly(true);
    }

    @Test
    void aTopicThatCannotBeLookedUpIsTriedAgain() {
        lookup.error = Problem.of(ErrorCode.INVALID, "use the topic")
                .found("2 partitions")
                .exception();
        reader.attempt();
        lookup.error = null;
        consumer(0).nothing().away();

        attempts(1);

        assertThat(currents).containsExactly(true);
    }

    @Test
    void closingEndsTheThreadAndTheConsumer() {
        var consumer = consumer(0);
        consumer.pollsLeft = Integer.MAX_VALUE;
        reader.start();

        reader.close();

        assertThat(consumer.closed() || prepared.contains(consumer)).isTrue();
    }
}
