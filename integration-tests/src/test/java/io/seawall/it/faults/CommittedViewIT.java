package io.seawall.it.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.it.kit.NodeApi;
import io.seawall.it.kit.NodeProcess;
import io.seawall.it.kit.NodeProcess.Spec;
import io.seawall.it.kit.TestKafka;
import io.seawall.wal.PChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a node answers of the committed view while that is behind: just so long as a lease, or behind another program's transaction. */
@Tag("full")
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CommittedViewIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String TOOL = "nightly-etl";

    @TempDir
    private static Path folder;

    private static TestKafka kafka;
    private static NodeProcess node;

    @BeforeAll
    static void start() {
        kafka = TestKafka.start();
        node = NodeProcess.start(
                Spec.of("lone", kafka.bootstrapServers(), folder.resolve("lone"), "prefix=" + kafka.prefix()));
    }

    @AfterAll
    static void stop() {
        node.close();
        kafka.close();
    }

    private static PChannel created(String topic) {
        var answer = node.api().createTopic(topic, 1);
        assertThat(answer.isOk()).as("%s", answer).isTrue();
        var pchannel = new PChannel(topic, 0);
        node.api().awaitAvailable(pchannel);
        return pchannel;
    }

    private static long append(PChannel pchannel) {
        var answer = node.api().append(pchannel, "value".getBytes(UTF_8)).join();
        assertThat(answer.isOk()).as("%s", answer).isTrue();
        return answer.body().path("first").asLong(-1);
    }

    private static NodeApi.Answer committed(PChannel pchannel, long from, int waitMs) {
        var page = node.api()
                .get("/v1/pchannels/" + pchannel + "/records?view=committed&from=" + from + "&waitMs=" + waitMs);
        assertThat(page.isOk()).as("%s", page).isTrue();
        return page;
    }

    private static long firstLsn(NodeApi.Answer page) {
        return page.body().path("records").path(0).path("lsn").asLong(-1);
    }

    @Test
    void whatWasJustAcknowledgedIsWaitedForAndNeverRefused() {
        var pchannel = created("just-now");
        for (var round = 0; round < 10; round++) {
            var lsn = append(pchannel);

            var atOnce = committed(pchannel, lsn, 0);
            var waited = committed(pchannel, lsn, 20_000);

            assertThat(firstLsn(atOnce)).as("%s", atOnce).isIn(-1L, lsn);
            assertThat(atOnce.body().path("next").asLong()).isBetween(lsn, lsn + 1);
            assertThat(firstLsn(waited)).as("%s", waited).isEqualTo(lsn);
        }
        var tail = committed(pchannel, 10, 0);
        assertThat(tail.body().path("records")).isEmpty();
        var beyond = node.api().get("/v1/pchannels/" + pchannel + "/records?view=committed&from=11");
        assertThat(beyond.code()).as("%s", beyond).isEqualTo("BEYOND_TAIL");
    }

    private static KafkaProducer<byte[], byte[]> tool() {
        var settings = Map.<String, Object>of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "transactional.id",
                TOOL,
                "transaction.timeout.ms",
                600_000);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static NodeApi.Answer status(PChannel pchannel) {
        return node.api().get("/v1/pchannels/" + pchannel);
    }

    @Test
    void anotherProgramsTransactionHidesNothingInFrontOfItAndIsNamed() throws ExecutionException, InterruptedException {
        var pchannel = created("held-up");
        append(pchannel);
        assertThat(firstLsn(committed(pchannel, 0, 20_000))).isZero();
        try (var tool = tool()) {
            tool.initTransactions();
            tool.beginTransaction();
            tool.send(new ProducerRecord<>(kafka.prefix() + pchannel.topic(), 0, null, "foreign".getBytes(UTF_8)))
                    .get();
            for (var each = 0; each < 3; each++) {
                append(pchannel);
            }

            var page = committed(pchannel, 0, 0);
            assertThat(page.body().path("records")).as("in front of it").hasSize(1);
            assertThat(committed(pchannel, 2, 500).body().path("records"))
                    .as("behind it")
                    .isEmpty();
            var flush = node.api().post("/v1/pchannels/" + pchannel + "/flush");
            assertThat(flush.status()).as("%s", flush).isEqualTo(503);
            assertThat(flush.effect()).isEqualTo("unknown");
            assertThat(flush.body().path("detail").asText())
                    .contains("transactional id '" + TOOL + "'")
                    .contains("producer id");
            assertThat(flush.body().path("producerId").isNumber())
                    .as("%s", flush)
                    .isTrue();
            var held = status(pchannel).body();
            assertThat(held.path("transaction").path("transactionalId").asText())
                    .as("%s", held)
                    .isEqualTo(TOOL);
            assertThat(held.path("flush").path("waitsFor").asText())
                    .as("%s", held)
                    .isEqualTo("transaction");
            assertThat(held.path("state").asText()).isEqualTo("available");

            tool.abortTransaction();
        }

        Awaitility.await("it has ended")
                .atMost(PATIENCE)
                .until(() -> status(pchannel).body().path("transaction").isNull());
        var flush = node.api().post("/v1/pchannels/" + pchannel + "/flush");
        assertThat(flush.body().path("flushed").asLong(-1)).as("%s", flush).isEqualTo(4);
        assertThat(committed(pchannel, 0, 10_000).body().path("records")).hasSize(4);
        assertThat(node.log())
                .containsOnlyOnce("another program's transaction holds up the committed view")
                .containsOnlyOnce("no transaction of another program holds up the committed view any more");
    }
}
