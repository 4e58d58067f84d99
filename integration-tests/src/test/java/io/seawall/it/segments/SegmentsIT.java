package io.seawall.it.segments;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.it.kit.NodeApi;
import io.seawall.it.kit.NodeProcess;
import io.seawall.it.kit.NodeProcess.Spec;
import io.seawall.it.kit.TestKafka;
import io.seawall.wal.PChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every flushed record is in the segments exactly once, checked with plain Avro. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SegmentsIT {
    private static final PChannel PCHANNEL = new PChannel("segments", 0);
    private static final String PADDING = " ".repeat(60);
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

    private NodeProcess node(String id, String... settings) {
        var all = new ArrayList<>(List.of(
                "prefix=" + kafka.prefix(), "segments.root=" + folder.resolve("segments"), "flush.bytes=64KiB"));
        all.addAll(List.of(settings));
        return NodeProcess.start(new Spec(id, kafka.bootstrapServers(), folder.resolve(id), all, ""));
    }

    /**
     * A record in a segment.
     *
     * @param lsn its LSN
     * @param value its value
     */
    private record Flushed(long lsn, String value) {}

    @Test
    void everyLsnIsInExactlyOneSegmentAcrossSealsRestartsAndTerms() throws Exception {
        try (var first = node("first")) {
            first.api().createTopic("segments", 1);
            first.api().awaitAvailable(PCHANNEL);
            append(first.api(), 0, 1_500);
            assertThat(flush(first.api())).isEqualTo(1_500);
            append(first.api(), 1_500, 2_000);
            first.kill();
        }
        try (var second = node("second")) {
            second.api().awaitAvailable(PCHANNEL);
            append(second.api(), 2_000, 2_500);
            assertThat(flush(second.api())).isEqualTo(2_500);
            assertThat(flush(second.api())).as("nothing new to flush").isEqualTo(2_500);

            var verified = second.api().post("/v1/pchannels/" + PCHANNEL + "/segments/verify");

            assertThat(verified.body().path("ok").asBoolean())
                    .as("%s", verified)
                    .isTrue();
        }
        var flushed = readWithPlainAvro();
        assertThat(flushed)
                .extracting(Flushed::lsn)
                .containsExactlyElementsOf(LongStream.range(0, 2_500).boxed().toList());
        assertThat(flushed).allMatch(record -> record.value().equals("value " + record.lsn() + PADDING));
    }

    private static void append(NodeApi api, int from, int to) {
        for (var start = from; start < to; start += 100) {
            var batch = new StringBuilder("{\"records\":[");
            for (var i = start; i < start + 100; i++) {
                batch.append(i == start ? "" : ",")
                        .append("{\"value\":\"value ")
                        .append(i)
                        .append(PADDING)
                        .append("\"}");
            }
            var answer =
                    api.post("/v1/pchannels/" + PCHANNEL + "/records?format=text", "application/json", batch + "]}");
            assertThat(answer.body().path("first").asLong()).as("%s", answer).isEqualTo(start);
        }
    }

    private static long flush(NodeApi api) {
        var answer = api.post("/v1/pchannels/" + PCHANNEL + "/flush");
        assertThat(answer.isOk()).as("%s", answer).isTrue();
        return answer.body().path("flushed").asLong();
    }

    private List<Flushed> readWithPlainAvro() throws IOException {
        var all = new ArrayList<Flushed>();
        try (var files = Files.walk(folder.resolve("segments"))) {
            var segments = files.filter(file -> file.toString().endsWith(".avro"))
                    .sorted()
                    .toList();
            assertThat(segments).as("sealed by size as well as by request").hasSizeGreaterThan(2);
            for (var segment : segments) {
                try (var reader = new DataFileReader<>(segment.toFile(), new GenericDatumReader<GenericRecord>())) {
                    for (var record : reader) {
                        var value =
                                UTF_8.decode((ByteBuffer) record.get("value")).toString();
                        all.add(new Flushed((Long) record.get("lsn"), value));
                    }
                }
            }
        }
        return all;
    }
}
