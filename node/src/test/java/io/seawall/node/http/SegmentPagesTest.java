package io.seawall.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.seawall.flusher.Flusher;
import io.seawall.flusher.FlusherEvents;
import io.seawall.flusher.FlusherSettings;
import io.seawall.flusher.history.SegmentReadSettings;
import io.seawall.flusher.history.TieredReaders;
import io.seawall.flusher.segment.SegmentKey;
import io.seawall.flusher.store.LocalSegmentStore;
import io.seawall.flusher.store.SegmentStore;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.wal.PChannel;
import io.seawall.walkafka.admin.TopicSpec;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which requests to the store a page of records in segments costs, and which bounds its reader gets. */
@Timeout(60)
class SegmentPagesTest {
    private static final PChannel ORDERS = new PChannel("orders", 0);
    private static final int RECORDS = 6_000;
    private static final int IN_KAFKA = 5_500;

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private CountingStore store;
    private TieredReaders readers;
    private NodeMetrics metrics;
    private HttpServer server;

    /** LSNs 0 to 5,999 in segments of 2,000; Kafka from 5,500 on. */
    @BeforeEach
    void flushAndTrim() throws Exception {
        var node = new StubNode();
        node.create(TopicSpec.of("orders", 1).withReplicationFactor(1));
        store = new CountingStore(LocalSegmentStore.open(folder.resolve("segments"), new Random(1)));
        var log = node.logs.log(ORDERS);
        var settings = FlusherSettings.defaults(folder.resolve("spool"));
        try (var flusher =
                new Flusher(store, node.logs, settings, FlusherEvents.NONE, Clock.systemUTC(), System::nanoTime)) {
            flusher.register(log);
            for (var lsn = 0; lsn < RECORDS; lsn++) {
                var unused = log.append(("value " + lsn).getBytes(StandardCharsets.UTF_8));
                if ((lsn + 1) % 2_000 == 0) {
                    flusher.flush(ORDERS).get(20, TimeUnit.SECONDS);
                }
            }
            flusher.unregister(log);
        }
        log.trim(IN_KAFKA).join();
        store.calls.clear();
        readers = new TieredReaders(node.logs, store, SegmentReadSettings.defaults(), System::nanoTime);
        metrics = new NodeMetrics(node::local);
        server = new HttpServer(
                HttpFixture.settings(),
                new HttpPorts(node, node, node, readers, node, Optional.empty()),
                metrics,
                System::nanoTime,
                new SplittableRandom(1),
                Duration.ofMillis(700));
        server.start();
    }

    @AfterEach
    void close() {
        server.close();
        readers.close();
        metrics.close();
    }

    @Test
    void pagesGoThroughSegmentsIntoKafkaWithoutAGap() throws Exception {
        var lsns = new ArrayList<Long>();
        for (var from = 0L; from < RECORDS; ) {
            var page = page("from=" + from + "&limit=1000");
            page.path("records").forEach(record -> lsns.add(record.path("lsn").asLong()));
            assertThat(page.path("oldest").asLong()).isZero();
            assertThat(page.path("tail").asLong()).isEqualTo(RECORDS);
            from = page.path("next").asLong();
        }

        assertThat(lsns)
                .containsExactlyElementsOf(LongStream.range(0, RECORDS).boxed().toList());
        assertThat(readers.stats().verified()).isEqualTo(3);
    }

    @Test
    void aPageDeepInSegmentsNeitherVerifiesNorListsAgain() throws Exception {
        page("from=2000&limit=1000");
        var first = List.copyOf(store.calls);
        store.calls.clear();

        for (var from : new int[] {2_300, 2_900, 2_000, 3_000, 2_777
        }) { // in no order, so that no idle reader has the right position
            assertThat(page("from=" + from + "&limit=1000").path("records")).hasSize(1_000);
        }

        assertThat(first).as("the first page asks").isNotEmpty();
        assertThat(store.calls.stream().filter(call -> !call.equals("open 4000 0")))
                .as("beside reading ahead")
                .isEmpty();
        assertThat(store.calls.size()).as("reading ahead, once").isLessThanOrEqualTo(1);
        assertThat(readers.stats().verified()).isLessThanOrEqualTo(2);
    }

    @Test
    void whatIsInKafkaIsReadWithoutTheStoreBeyondHowFarBackItReaches() throws Exception {
        page("from=5600&limit=10");
        store.calls.clear();

        page("from=5700&limit=10");

        assertThat(store.calls).isEmpty();
    }

    @Test
    void beyondTheTailIsToldWithTheOldestLsnOfTheSegments() throws Exception {
        var answer = get("from=7000");

        assertThat(answer.statusCode()).isEqualTo(416);
        assertThat(HttpFixture.json(answer.body()).path("oldest").asLong(-1)).isZero();
        assertThat(HttpFixture.json(answer.body()).path("tail").asLong()).isEqualTo(RECORDS);
    }

    private JsonNode page(String query) throws Exception {
        var answer = get(query);
        assertThat(answer.statusCode()).as("%s", answer.body()).isEqualTo(200);
        return HttpFixture.json(answer.body());
    }

    private HttpResponse<String> get(String query) throws Exception {
        var uri = URI.create("http://127.0.0.1:" + server.port() + "/v1/pchannels/" + ORDERS + "/records?" + query);
        return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Records the requests to a store. */
    private record CountingStore(SegmentStore store, List<String> calls) implements SegmentStore {
        CountingStore(SegmentStore store) {
            this(store, new CopyOnWriteArrayList<>());
        }

        @Override
        public List<PChannel> pchannels() throws IOException {
            calls.add("pchannels");
            return store.pchannels();
        }

        @Override
        public List<SegmentKey> list(PChannel pchannel, long above) throws IOException {
            calls.add("list " + above);
            return store.list(pchannel, above);
        }

        @Override
        public Optional<SegmentKey> last(PChannel pchannel) throws IOException {
            calls.add("last");
            return store.last(pchannel);
        }

        @Override
        public PutResult publish(SegmentKey key, Path file) throws IOException {
            return store.publish(key, file);
        }

        @Override
        public InputStream open(SegmentKey key, long fromByte) throws IOException {
            calls.add("open " + key.firstLsn() + " " + fromByte);
            return store.open(key, fromByte);
        }

        @Override
        public long sizeBytes(SegmentKey key) throws IOException {
            calls.add("size " + key.firstLsn());
            return store.sizeBytes(key);
        }

        @Override
        public void delete(SegmentKey key) throws IOException {
            store.delete(key);
        }

        @Override
        public String storeId() throws IOException {
            return store.storeId();
        }

        @Override
        public String describe(SegmentKey key) {
            return store.describe(key);
        }
    }
}
