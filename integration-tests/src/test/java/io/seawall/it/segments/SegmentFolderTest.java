package io.seawall.it.segments;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.it.kit.History;
import io.seawall.wal.PChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.assertj.core.api.ListAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the check of segments: it must report each planted fault, and nothing else. */
class SegmentFolderTest {
    private static final PChannel PCHANNEL = PChannel.parse("a-0");
    private static final Schema SCHEMA = SchemaBuilder.record("LogRecord")
            .fields()
            .requiredLong("lsn")
            .requiredBytes("value")
            .endRecord();

    @TempDir
    private Path root;

    private final History history = new History();

    @BeforeEach
    void acknowledge() throws IOException {
        LongStream.range(0, 10).forEach(lsn -> history.acknowledged(PCHANNEL, lsn, "v" + lsn));
        Files.createDirectories(root.resolve("a/0"));
    }

    private void segment(long name, long first, long next, String valuePrefix) throws IOException {
        var file = root.resolve("a/0/%020d.avro".formatted(name));
        try (var writer = new DataFileWriter<GenericRecord>(new GenericDatumWriter<>(SCHEMA))
                .setCodec(CodecFactory.zstandardCodec(3))) {
            writer.create(SCHEMA, file.toFile());
            for (var lsn = first; lsn < next; lsn++) {
                var record = new GenericData.Record(SCHEMA);
                record.put("lsn", lsn);
                record.put("value", ByteBuffer.wrap((valuePrefix + lsn).getBytes(UTF_8)));
                writer.append(record);
            }
        }
    }

    private void segment(long first, long next) throws IOException {
        segment(first, first, next, "v");
    }

    private ListAssert<String> assertViolations() {
        return assertThat(SegmentFolder.of(root, PCHANNEL).violations(history, PCHANNEL));
    }

    @Test
    void acceptsAChain() throws IOException {
        segment(0, 4);
        segment(4, 10);

        assertViolations().isEmpty();
    }

    @Test
    void tellsAMissingSegmentBetweenTwo() throws IOException {
        segment(0, 4);
        segment(6, 10);

        assertViolations().contains("LSN 6 at place 4", "LSN 4 was acknowledged for v4 and holds null");
    }

    @Test
    void tellsAMissingEnd() throws IOException {
        segment(0, 9);

        assertViolations().containsExactly("LSN 9 was acknowledged for v9 and holds null");
    }

    @Test
    void tellsAnLsnInTwoSegments() throws IOException {
        segment(0, 5);
        segment(4, 10);

        assertViolations().contains("LSN 4 at place 5", "v4 is there twice, again at LSN 4");
    }

    @Test
    void tellsAChangedValue() throws IOException {
        segment(0, 4);
        segment(4, 4, 9, "v");
        segment(9, 9, 10, "w");

        assertViolations().containsExactly("LSN 9 was acknowledged for v9 and holds w9");
    }

    @Test
    void tellsARecordThatWasRefused() throws IOException {
        history.refused("v10");
        segment(0, 11);

        assertViolations().containsExactly("v10 is there at LSN 10 although it was refused with effect none");
    }

    @Test
    void tellsAFileWithAWrongName() throws IOException {
        segment(0, 4);
        segment(5, 4, 10, "v");

        assertViolations().containsExactly("00000000000000000005.avro begins with LSN 4");
    }

    @Test
    void tellsAFileThatWasCut() throws IOException {
        segment(0, 10);
        var file = SegmentFolder.of(root, PCHANNEL).segments().get(0);
        var bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 20));

        assertViolations().contains("LSN 9 was acknowledged for v9 and holds null");
    }
}
