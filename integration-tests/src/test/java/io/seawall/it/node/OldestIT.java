package io.seawall.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.it.kit.NodeApi;
import io.seawall.it.kit.NodeProcess;
import io.seawall.it.kit.NodeProcess.Spec;
import io.seawall.it.kit.RawPartition;
import io.seawall.it.kit.TestKafka;
import io.seawall.wal.PChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where a log begins: reads, times, status and errors of a real node agree. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("full")
class OldestIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private static Path folder;

    private static TestKafka kafka;
    private static NodeProcess owner;
    private static NodeProcess other;

    @BeforeAll
    static void start() {
        kafka = TestKafka.start();
        owner = node("owner");
        other = node("other");
    }

    private static NodeProcess node(String id) {
        return NodeProcess.start(Spec.of(
                id,
                kafka.bootstrapServers(),
                folder.resolve(id),
                "mode=manual",
                "prefix=" + kafka.prefix(),
                "segments.root=" + folder.resolve("segments")));
    }

    @AfterAll
    static void stop() {
        owner.close();
        other.close();
        kafka.close();
    }

    private static PChannel opened(String topic) {
        owner.api().createTopic(topic, 1);
        var pchannel = new PChannel(topic, 0);
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> owner.api().assign(pchannel, 1).isOk());
        owner.api().awaitAvailable(pchannel);
        return pchannel;
    }

    private static void append(PChannel pchannel, int count) {
        for (var each = 0; each < count; each++) {
            var value = ("value " + each).getBytes(StandardCharsets.UTF_8);
            var answer = owner.api().append(pchannel, value).join();
            assertThat(answer.isOk()).as("%s", answer).isTrue();
        }
    }

    /** Checks all answers of a node. The read comes first, because it asks Kafka and the store regardless of cached values. */
    private static void begins(NodeApi api, PChannel pchannel, long lsn) {
        var log = "/v1/pchannels/" + pchannel;
        for (var start : new String[] {"from=oldest", "at=1970-01-01T00:00:00Z"}) {
            for (var view : new String[] {"live", "committed"}) {
                var page = api.get(log + "/records?waitMs=10000&" + start + "&view=" + view);
                assertThat(page.isOk()).as("%s", page).isTrue();
                assertThat(page.body().path("records").path(0).path("lsn").asLong(-1))
                        .as("the first record of %s in the %s view: %s", start, view, page)
                        .isEqualTo(lsn);
                assertThat(page.body().path("oldest").asLong(-1)).as("%s", page).isEqualTo(lsn);
            }
        }
        var beyond = api.get(log + "/records?from=1000000");
        assertThat(beyond.status()).as("%s", beyond).isEqualTo(416);
        assertThat(beyond.body().path("oldest").asLong(-1)).as("%s", beyond).isEqualTo(lsn);
        // A node that does not own the log caches what it read for two seconds.
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(api.get(log).body().path("oldest").asLong(-1))
                                .isEqualTo(lsn));
    }

    private static void everybodySaysItBegins(PChannel pchannel, long lsn) {
        begins(owner.api(), pchannel, lsn);
        begins(other.api(), pchannel, lsn);
        var beyond =
                owner.api().post("/v1/pchannels/" + pchannel + "/trim", "application/json", "{\"before\":1000000}");
        assertThat(beyond.status()).isEqualTo(416);
        assertThat(beyond.body().path("oldest").asLong(-1)).as("%s", beyond).isEqualTo(lsn);
    }

    @Test
    void recordsThatWereFlushedAfterTheyWereTrimmedArePartOfTheLog() {
        var pchannel = opened("trimmed-early");
        append(pchannel, 6);
        Awaitility.await("the flusher has read the records")
                .atMost(PATIENCE)
                .until(() -> owner.api()
                        .get("/v1/pchannels/" + pchannel)
                        .body()
                        .path("flush")
                        .path("state")
                        .asText()
                        .equals("spooling"));
        var trim = owner.api().post("/v1/pchannels/" + pchannel + "/trim", "application/json", "{\"before\":4}");
        assertThat(trim.isOk()).as("%s", trim).isTrue();
        everybodySaysItBegins(pchannel, 4);

        var flush = owner.api().post("/v1/pchannels/" + pchannel + "/flush");

        assertThat(flush.isOk()).as("%s", flush).isTrue();
        var segments = owner.api().get("/v1/pchannels/" + pchannel + "/segments");
        assertThat(segments.body().path("segments").path(0).path("kind").asText())
                .as("the flusher had read the records: %s", segments)
                .isNotEqualTo("gap");
        everybodySaysItBegins(pchannel, 0);
        assertThat(owner.api().readAll(pchannel, "live")).hasSize(6);
    }

    @Test
    void recordsThatAnotherToolDeletedAreNotPartOfTheLog() throws ExecutionException, InterruptedException {
        var pchannel = opened("deleted");
        append(pchannel, 6);
        everybodySaysItBegins(pchannel, 0);

        deleteBelow(pchannel, 5);

        everybodySaysItBegins(pchannel, 5);
    }

    /** Deletes records as {@code kafka-delete-records.sh} does. */
    private static void deleteBelow(PChannel pchannel, long lsn) throws ExecutionException, InterruptedException {
        var offset = RawPartition.read(kafka.bootstrapServers(), kafka.prefix(), pchannel, "read_uncommitted").stream()
                .filter(record -> record.wal().equals("1.0/" + lsn))
                .findFirst()
                .orElseThrow()
                .offset();
        try (var admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            var partition = new TopicPartition(kafka.prefix() + pchannel.topic(), pchannel.partition());
            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(offset)))
                    .all()
                    .get();
        }
    }
}
