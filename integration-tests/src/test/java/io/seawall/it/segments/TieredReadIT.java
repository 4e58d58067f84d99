package io.seawall.it.segments;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.it.kit.NodeApi;
import io.seawall.it.kit.NodeProcess;
import io.seawall.it.kit.NodeProcess.Spec;
import io.seawall.it.kit.TestKafka;
import io.seawall.wal.PChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One log whose older part is in segments only, read from its first record to its tail on the owner and on another node. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("full")
class TieredReadIT {
    private static final PChannel PCHANNEL = new PChannel("seam", 0);
    private static final String LOG = "/v1/pchannels/" + PCHANNEL;
    private static final int BATCH = 100;
    private static final int TRIMS = 8;
    private static TestKafka kafka;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startKafka() {
        kafka = TestKafka.start();
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    /** All nodes share one store, as with a network file system or object store. */
    private NodeProcess node(String id) {
        return NodeProcess.start(Spec.of(
                id,
                kafka.bootstrapServers(),
                folder.resolve(id),
                "mode=manual",
                "prefix=" + kafka.prefix(),
                "segments.root=" + folder.resolve("segments"),
                "flush.bytes=64KiB"));
    }

    @Test
    void readsFromTheFirstRecordToTheTailWhileItIsFlushedAndTrimmed() {
        try (var owner = node("owner");
                var other = node("other")) {
            owner.api().createTopic("seam", 1);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> owner.api().assign(PCHANNEL, 1).isOk());
            owner.api().awaitAvailable(PCHANNEL);
            append(owner.api(), 0, 3_000);
            flush(owner.api());
            assertThat(trim(owner.api(), 2_900)).as("Kafka's start").isBetween(2_000L, 2_900L);

            readsAll(owner.api(), 3_000);
            readsAll(other.api(), 3_000);
            readsAtATime(owner.api(), 1_234);
            readsAtATime(other.api(), 1_234);
            showsWhereItBegins(owner.api());
            showsWhereItBegins(other.api());
            readsWhileMoreIsWritten(owner.api(), other.api());
            assertThat(metric(other.url(), "seawall_segment_read_records_total"))
                    .isGreaterThan(5_000);
        }
    }

    private static void readsAll(NodeApi api, long tail) {
        for (var view : List.of("live", "committed")) {
            var all = api.readAll(PCHANNEL, view);

            assertThat(all)
                    .extracting(NodeApi.Read::lsn)
                    .containsExactlyElementsOf(LongStream.range(0, tail).boxed().toList());
            assertThat(all).allMatch(record -> new String(record.value(), UTF_8).equals(value(record.lsn())));
        }
    }

    /** Reads from the timestamp of a record that is in segments only, or of an equally old one before it. */
    private static void readsAtATime(NodeApi api, long lsn) {
        var record = api.get(LOG + "/records?from=" + lsn + "&limit=1")
                .body()
                .path("records")
                .path(0);
        var timeMs = record.path("timestampMs").asLong();
        var before = api.get(LOG + "/records?from=0&limit=10000&maxBytes=16777216")
                .body()
                .path("records");
        var expected = new ArrayList<Long>();
        before.forEach(one -> {
            if (expected.isEmpty() && one.path("timestampMs").asLong() >= timeMs) {
                expected.add(one.path("lsn").asLong());
            }
        });

        var page = api.get(LOG + "/records?limit=1&at=" + Instant.ofEpochMilli(timeMs));

        assertThat(page.body().path("records").path(0).path("lsn").asLong(-1))
                .as("%s", page)
                .isEqualTo(expected.get(0));
    }

    private static void showsWhereItBegins(NodeApi api) {
        // Bounds of a log that another node owns are cached for two seconds.
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> assertThat(api.get(LOG).body().path("oldest").asLong(-1))
                                .isZero());
        var beyond = api.get(LOG + "/records?from=999999");
        assertThat(beyond.status()).isEqualTo(416);
        assertThat(beyond.body().path("oldest").asLong(-1)).as("%s", beyond).isZero();
    }

    /** Appends, flushes and trims while both nodes read from the beginning in small pages. */
    private static void readsWhileMoreIsWritten(NodeApi owner, NodeApi other) {
        var tail = new AtomicLong(3_000);
        var writing = CompletableFuture.runAsync(() -> {
            for (var end = 3_300; end <= 3_000 + 300 * TRIMS; end += 300) {
                append(owner, end - 300, end);
                tail.set(end);
                flush(owner);
                trim(owner, end - 50);
            }
        });
        var readers = List.of(
                CompletableFuture.runAsync(() -> readInPages(owner, tail, writing)),
                CompletableFuture.runAsync(() -> readInPages(other, tail, writing)));
        readers.forEach(CompletableFuture::join);
        writing.join();
        readsAll(other, tail.get());
    }

    /**
     * Reads while records are written, and then up to the tail. Jumps back from the tail, so that most pages are of
     * segments.
     */
    private static void readInPages(NodeApi api, AtomicLong tail, CompletableFuture<Void> writing) {
        var next = 0L;
        while (!writing.isDone() || next < tail.get()) {
            var page = api.get(LOG + "/records?limit=157&waitMs=100&from=" + next);
            assertThat(page.isOk()).as("from %d: %s", next, page).isTrue();
            for (var record : page.body().path("records")) {
                assertThat(record.path("lsn").asLong()).isEqualTo(next);
                assertThat(new String(
                                Base64.getDecoder().decode(record.path("value").asText()), UTF_8))
                        .isEqualTo(value(next));
                next++;
            }
            if (next >= tail.get() && !writing.isDone()) {
                next = Math.max(0, next - 2_000); // back into segments, which another node flushed a moment ago
            }
        }
    }

    private static void append(NodeApi api, long from, long to) {
        for (var start = from; start < to; start += BATCH) {
            var batch = new StringBuilder("{\"records\":[");
            for (var lsn = start; lsn < start + BATCH; lsn++) {
                batch.append(lsn == start ? "" : ",")
                        .append("{\"value\":\"")
                        .append(value(lsn))
                        .append("\"}");
            }
            var answer = api.post(LOG + "/records?format=text", "application/json", batch + "]}");
            assertThat(answer.body().path("first").asLong(-1)).as("%s", answer).isEqualTo(start);
        }
    }

    private static String value(long lsn) {
        return "value " + lsn + " ".repeat(60);
    }

    private static void flush(NodeApi api) {
        var answer = api.post(LOG + "/flush");
        assertThat(answer.isOk()).as("%s", answer).isTrue();
    }

    private static long trim(NodeApi api, long before) {
        var answer = api.post(LOG + "/trim", "application/json", "{\"before\":" + before + "}");
        assertThat(answer.isOk()).as("%s", answer).isTrue();
        return answer.body().path("oldest").asLong();
    }

    private static double metric(String url, String name) {
        try {
            var request = HttpRequest.newBuilder(URI.create(url + "/metrics")).build();
            var text = HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.ofString())
                    .body();
            return text.lines()
                    .filter(line -> line.startsWith(name + " "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
