package io.seawall.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.it.kit.NodeApi.Answer;
import io.seawall.it.kit.NodeProcess;
import io.seawall.it.kit.NodeProcess.Spec;
import io.seawall.it.kit.TestKafka;
import io.seawall.wal.PChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How a real node answers bad input: the code, what was found, and the rule. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BadInputIT {
    private static final PChannel PCHANNEL = new PChannel("bad-input", 0);
    private static final String RECORDS = "/v1/pchannels/" + PCHANNEL + "/records";

    @TempDir
    private static Path folder;

    private static TestKafka kafka;
    private static NodeProcess node;
    private static NodeProcess other;

    @BeforeAll
    static void startNodes() {
        kafka = TestKafka.start();
        node = start("node");
        other = start("other");
        node.api().createTopic("bad-input", 1);
        assertThat(node.api().assign(PCHANNEL, 3).status()).isEqualTo(200);
    }

    private static NodeProcess start(String id) {
        return NodeProcess.start(Spec.of(
                id,
                kafka.bootstrapServers(),
                folder.resolve(id),
                "mode=manual",
                "prefix=" + kafka.prefix(),
                "flush.enabled=false"));
    }

    @AfterAll
    static void stopNodes() {
        node.close();
        other.close();
        kafka.close();
    }

    private static void refused(Answer answer, int status, String code, String found) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(status);
        assertThat(answer.code()).isEqualTo(code);
        assertThat(answer.effect()).isEqualTo("none");
        assertThat(answer.body().path("detail").asText()).contains(found);
    }

    private static Answer json(String body) {
        return node.api().post(RECORDS, "application/json", body);
    }

    @Test
    void unknownPChannel() {
        refused(node.api().get("/v1/pchannels/nowhere-0/records"), 404, "NOT_FOUND", "nowhere");
        refused(node.api().get("/v1/pchannels/bad-input-7/records"), 404, "NOT_FOUND", "1 pchannels");
        refused(node.api().append(new PChannel("nowhere", 0), new byte[1]).join(), 404, "NOT_FOUND", "nowhere");
    }

    @Test
    void badName() {
        refused(node.api().get("/v1/pchannels/No.Such-1/records"), 400, "INVALID", "No.Such-1");
        refused(node.api().createTopic("Upper", 1), 400, "INVALID", "Upper");
        refused(node.api().createTopic("meta", 1), 400, "INVALID", "meta");
    }

    @Test
    void oversizeRecord() {
        refused(node.api().append(PCHANNEL, new byte[(1 << 20) + 1]).join(), 413, "TOO_LARGE", "1048577");
        assertThat(node.api().append(PCHANNEL, new byte[1 << 20]).join().isOk())
                .as("a record of exactly the limit")
                .isTrue();
    }

    @Test
    void reservedHeader() {
        refused(
                json("{\"records\":[{\"value\":null,\"headers\":[{\"key\":\"wal\",\"value\":\"\"}]}]}"),
                400,
                "INVALID",
                "wal");
    }

    @Test
    void textThatUtf8DoesNotHave() {
        refused(json("{\"records\":[{\"headers\":[{\"key\":\"\\ud800\"}]}]}"), 400, "INVALID", "surrogate");
        assertThat(node.api().append(PCHANNEL, new byte[1]).join().isOk())
                .as("the log keeps working")
                .isTrue();
    }

    @Test
    void malformedJson() {
        refused(json("{\"records\":[{\"value\":\"AA==\"}"), 400, "INVALID", "line 1");
        refused(json("{\"records\":[]}"), 400, "INVALID", "0 records");
    }

    @Test
    void lsnBeyondTheTail() {
        var answer = node.api().get(RECORDS + "?from=100000");

        refused(answer, 416, "BEYOND_TAIL", "100000");
        assertThat(answer.body().path("tail").asLong(-1)).isGreaterThanOrEqualTo(0);
        assertThat(answer.body().path("oldest").asLong(-1)).isZero();
    }

    @Test
    void termNotAbove() {
        refused(node.api().assign(PCHANNEL, 2), 409, "IGNORED", "3");
        refused(other.api().assign(PCHANNEL, 3), 409, "TERM_EXPIRED", "term 3");
        assertThat(node.api().append(PCHANNEL, new byte[1]).join().isOk())
                .as("the owner was not disturbed")
                .isTrue();
    }
}
