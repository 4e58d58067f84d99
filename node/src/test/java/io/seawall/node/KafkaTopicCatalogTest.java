package io.seawall.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.node.ports.TopicCatalog.Kind;
import io.seawall.node.ports.TopicCatalog.Topic;
import io.seawall.node.ports.TopicCatalog.Wanted;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.RequestException;
import io.seawall.walkafka.admin.KafkaTopics.Created;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KafkaTopicCatalogTest {
    private final FakeTopics topics = new FakeTopics();
    private final KafkaTopicCatalog catalog = new KafkaTopicCatalog(topics, true, new JournalOfLogs());
    private final KafkaTopicCatalog readOnly = new KafkaTopicCatalog(topics, false, new JournalOfLogs());

    private final class JournalOfLogs implements KafkaTopicCatalog.Logs {
        @Override
        public void open(String topic) {
            topics.calls.add("open " + topic);
        }

        @Override
        public void close(String topic) {
            topics.calls.add("close " + topic);
        }
    }

    @ParameterizedTest
    @CsvSource({"NEW, CREATED", "SAME, SAME", "GROWN, GROWN", "CONFLICT, CONFLICT"})
    void saysWhatCreatingDid(Created answer, Kind expected) {
        topics.answer(answer);

        var outcome = catalog.create("orders", new Wanted(4, null, "zstd"));

        assertThat(outcome.kind()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"NEW, true", "SAME, false", "GROWN, true", "CONFLICT, false"})
    void opensWhatIsNewBeforeItAnswers(Created answer, boolean opened) {
        topics.answer(answer);

        catalog.create("orders", new Wanted(4, null, "zstd"));

        assertThat(topics.calls.contains("open orders")).isEqualTo(opened);
    }

    @Test
    void leavesTheReplicationFactorToKafkaIfNoneIsWanted() {
        catalog.create("orders", new Wanted(4, null, "none"));

        assertThat(topics.calls)
                .contains("create Spec[name=orders, pchannels=4, replicationFactor=0, compression=none]");
    }

    @Test
    void closesWhatIsOpenBeforeTheTopicGoes() {
        topics.with("orders", 1);

        catalog.delete("orders");

        assertThat(topics.calls).containsExactly("close orders", "delete orders");
    }

    @Test
    void refusesToDeleteWhatIsNotThereAndClosesNothing() {
        assertThatThrownBy(() -> catalog.delete("orders"))
                .isInstanceOfSatisfying(
                        RequestException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.NOT_FOUND));
        assertThat(topics.calls).containsExactly("delete orders");
    }

    @Test
    void listsTopics() {
        topics.with("orders", 2);

        assertThat(catalog.list()).containsExactly(new Topic("orders", 2, 1, "none"));
    }

    @Test
    void refusesChangesWhereOthersOwnTheTopics() {
        topics.with("orders", 1);

        assertThatThrownBy(() -> readOnly.create("more", new Wanted(1, null, "none")))
                .hasMessageContaining("topic.create=false");
        assertThatThrownBy(() -> readOnly.delete("orders")).hasMessageContaining("topic.create=false");
        assertThat(topics.calls).isEmpty();
    }
}
