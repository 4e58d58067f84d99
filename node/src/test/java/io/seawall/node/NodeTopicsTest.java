package io.seawall.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.RequestException;
import io.seawall.walkafka.admin.Topic;
import io.seawall.walkafka.admin.TopicOutcome;
import io.seawall.walkafka.admin.TopicOutcome.Kind;
import io.seawall.walkafka.admin.TopicSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class NodeTopicsTest {
    private static final TopicSpec ORDERS = TopicSpec.of("orders", 4);

    private final FakeTopics topics = new FakeTopics();
    private final NodeTopics catalog = new NodeTopics(topics, true, new JournalOfLogs());
    private final NodeTopics readOnly = new NodeTopics(topics, false, new JournalOfLogs());

    private final class JournalOfLogs implements NodeTopics.Logs {
        @Override
        public void open(Topic topic) {
            topics.calls.add("open " + topic.name());
        }

        @Override
        public void close(String topic) {
            topics.calls.add("close " + topic);
        }

        @Override
        public void closed(String topic, boolean deleted) {
            topics.calls.add((deleted ? "deleted " : "not deleted ") + topic);
        }
    }

    @ParameterizedTest
    @EnumSource
    void returnsWhatCreatingDid(Kind answer) {
        topics.answer(answer);

        var outcome = catalog.create(ORDERS.withCompression("zstd"));

        assertThat(outcome).isEqualTo(new TopicOutcome(answer, new Topic("orders", 4, 1, "zstd")));
    }

    @ParameterizedTest
    @CsvSource({"CREATED, true", "SAME, false", "GROWN, true", "CONFLICT, false"})
    void opensWhatIsNewBeforeItAnswers(Kind answer, boolean opened) {
        topics.answer(answer);

        catalog.create(ORDERS);

        assertThat(topics.calls.contains("open orders")).isEqualTo(opened);
    }

    @Test
    void leavesTheReplicationFactorToKafkaIfNoneIsWanted() {
        catalog.create(ORDERS);

        assertThat(topics.calls).contains("create " + ORDERS);
    }

    @Test
    void closesWhatIsOpenBeforeTheTopicGoes() {
        topics.with("orders", 1);

        catalog.delete("orders");

        assertThat(topics.calls).containsExactly("close orders", "delete orders", "deleted orders");
    }

    @Test
    void refusesToDeleteWhatIsNotThereAndClosesNothing() {
        assertThatThrownBy(() -> catalog.delete("orders"))
                .isInstanceOfSatisfying(
                        RequestException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.NOT_FOUND));
        assertThat(topics.calls).containsExactly("delete orders", "not deleted orders");
    }

    @Test
    void listsTopics() {
        topics.with("orders", 2);

        assertThat(catalog.list()).containsExactly(new Topic("orders", 2, 1, "none"));
    }

    @Test
    void refusesChangesWhereOthersOwnTheTopics() {
        topics.with("orders", 1);

        assertThatThrownBy(() -> readOnly.create(ORDERS)).hasMessageContaining("topic.create=false");
        assertThatThrownBy(() -> readOnly.delete("orders")).hasMessageContaining("topic.create=false");
        assertThat(topics.calls).isEmpty();
    }
}
