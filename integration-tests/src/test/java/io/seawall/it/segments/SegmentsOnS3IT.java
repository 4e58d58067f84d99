package io.seawall.it.segments;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.it.kit.NodeApi;
import io.seawall.it.kit.NodeProcess;
import io.seawall.it.kit.NodeProcess.Spec;
import io.seawall.it.kit.TestKafka;
import io.seawall.it.s3.S3Server;
import io.seawall.it.s3.StoreFault;
import io.seawall.it.s3.StoreFaultProxy;
import io.seawall.wal.PChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node whose segments are on S3, configured as users do it. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("full")
class SegmentsOnS3IT {
    private static final PChannel PCHANNEL = new PChannel("segments", 0);
    private static TestKafka kafka;
    private static S3Server server;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start(@TempDir Path data) {
        kafka = TestKafka.start();
        server = S3Server.start(data);
    }

    @AfterAll
    static void stop() {
        server.close();
        kafka.close();
    }

    @Test
    void flushesToABucketThatFailsAndIsAwayForAWhile() {
        server.bucket("seawall");
        try (var proxy = StoreFaultProxy.before(server.endpoint())) {
            // Given: a node that starts while its store is down
            var away =
                    proxy.strike(new StoreFault.Answer(503, "ServiceUnavailable"), Integer.MAX_VALUE, request -> true);
            try (var node = node("first", proxy)) {
                var api = node.api();
                api.createTopic("segments", 1);
                api.awaitAvailable(PCHANNEL);
                append(api, 0, 3_000);
                assertThat(away.count()).isPositive();

                // When: the store comes back, loses the answer to a put and rejects other requests
                proxy.heal();
                var lost = proxy.strike(
                        new StoreFault.LoseAnswer(),
                        1,
                        request -> request.method().equals("PUT")
                                && request.target().contains("/segments/0/"));
                var refused = proxy.strike(new StoreFault.Answer(500, "InternalError"), 3, "GET");
                awaitFlushed(api, 3_000);

                // Then
                assertThat(lost.count()).isEqualTo(1);
                assertThat(refused.count()).isEqualTo(3);
                assertThat(node.log())
                        .doesNotContain(S3Server.ENVIRONMENT.get("AWS_SECRET_ACCESS_KEY"))
                        .as("no line of the SDK's own loggers")
                        .doesNotContain("] s.a.")
                        .contains("probed before the first put");
            }
            try (var second = node("second", proxy)) {
                second.api().awaitAvailable(PCHANNEL);
                append(second.api(), 3_000, 3_500);
                awaitFlushed(second.api(), 3_500);

                var verified = second.api().post("/v1/pchannels/" + PCHANNEL + "/segments/verify");
                assertThat(verified.body().path("ok").asBoolean())
                        .as("%s", verified)
                        .isTrue();
                assertThat(verified.body().path("next").asLong())
                        .as("%s", verified)
                        .isEqualTo(3_500);
            }
        }
    }

    private NodeProcess node(String id, StoreFaultProxy proxy) {
        var settings =
                new ArrayList<>(List.of("prefix=" + kafka.prefix(), "flush.bytes=64KiB", "flush.interval.ms=1000"));
        settings.addAll(S3Server.nodeSettings(proxy.endpoint(), "s3://seawall/prod"));
        return NodeProcess.start(new Spec(id, kafka.bootstrapServers(), folder.resolve(id), settings, ""));
    }

    private static void append(NodeApi api, int from, int to) {
        for (var start = from; start < to; start += 500) {
            var batch = new StringBuilder("{\"records\":[");
            for (var i = start; i < start + 500; i++) {
                batch.append(i == start ? "" : ",")
                        .append("{\"value\":\"value ")
                        .append(i)
                        .append(" ".repeat(60))
                        .append("\"}");
            }
            var answer =
                    api.post("/v1/pchannels/" + PCHANNEL + "/records?format=text", "application/json", batch + "]}");
            assertThat(answer.body().path("first").asLong()).as("%s", answer).isEqualTo(start);
        }
    }

    private static void awaitFlushed(NodeApi api, long lsn) {
        Awaitility.await("flushed up to " + lsn)
                .atMost(Duration.ofSeconds(90))
                .until(() -> api.get("/v1/pchannels/" + PCHANNEL)
                                .body()
                                .path("flushed")
                                .asLong()
                        >= lsn);
    }
}
