package io.seawall.flusher;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.flusher.SegmentInfo.Range;
import io.seawall.wal.Header;
import io.seawall.wal.LogRecord;
import io.seawall.wal.Record;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentFormatTest {
    private static final byte[] SYNC = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private static final List<LogRecord> SHAPES = List.of(
            record(40, 3, 1_700_000_000_000L, new Record(null, null, List.of())),
            record(41, 3, 1_700_000_000_000L, new Record(new byte[0], new byte[0], List.of())),
            record(
                    42,
                    4,
                    1_700_000_000_005L,
                    new Record(bytes("k"), bytes("välue"), List.of(new Header("h", bytes("1"))))),
            record(
                    43,
                    5,
                    1_700_000_000_006L,
                    new Record(
                            bytes("k"),
                            new byte[200_000],
                            List.of(
                                    new Header("b", bytes("2")),
                                    new Header("a", null),
                                    new Header("b", new byte[0]),
                                    new Header("", bytes("empty name"))))));

    @TempDir
    Path folder;

    @Test
    void aPlainAvroReaderSeesEveryFieldShape() throws Exception {
        var sealed = sealed(SHAPES);

        var read = new ArrayList<LogRecord>();
        try (var reader = new DataFileReader<GenericRecord>(sealed.file().toFile(), new GenericDatumReader<>())) {
            reader.forEach(generic -> read.add(fromGeneric(generic)));
        }

        assertThat(read).isEqualTo(SHAPES);
    }

    @Test
    void ourReaderGivesBackWhatWasWritten() throws Exception {
        var sealed = sealed(SHAPES);

        var read = new ArrayList<LogRecord>();
        try (var reader = new DataFileStream<>(Files.newInputStream(sealed.file()), new RecordDecoder())) {
            reader.forEach(read::add);
        }

        assertThat(read).isEqualTo(SHAPES);
    }

    @Test
    void theHeaderSaysWhatIsInTheBlocks() throws Exception {
        var sealed = sealed(SHAPES);

        SegmentInfo info;
        try (var in = Files.newInputStream(sealed.file())) {
            info = SegmentHeader.read(in).info(new SegmentKey(Bench.ORDERS, 40));
        }

        var file = Files.readAllBytes(sealed.file());
        var crc = new CRC32C();
        crc.update(file, (int) info.headerBytes(), file.length - (int) info.headerBytes());
        assertThat(info).isEqualTo(sealed.info());
        assertThat(info.firstLsn()).isEqualTo(40);
        assertThat(info.lastLsn()).isEqualTo(43);
        assertThat(info.recordCount()).isEqualTo(4);
        assertThat(info.recordBytes())
                .isEqualTo(
                        SHAPES.stream().mapToInt(one -> one.data().sizeBytes()).sum());
        assertThat(info.terms()).isEqualTo(new Range(3, 5));
        assertThat(info.timestampsMs()).isEqualTo(new Range(1_700_000_000_000L, 1_700_000_000_006L));
        assertThat(info.fileBytes()).isEqualTo(file.length);
        assertThat(info.blocks().crc32c()).isEqualTo((int) crc.getValue());
    }

    @Test
    void anyAvroReaderFindsTheMetadata() throws Exception {
        var sealed = sealed(SHAPES);

        try (var reader = new DataFileReader<GenericRecord>(sealed.file().toFile(), new GenericDatumReader<>())) {
            assertThat(reader.getMetaString("avro.codec")).isEqualTo("zstandard");
            assertThat(reader.getMetaString("seawall.format")).isEqualTo("1");
            assertThat(reader.getMetaString("seawall.pchannel")).isEqualTo("orders-3");
            assertThat(reader.getMetaLong("seawall.lsn.first")).isEqualTo(40);
            assertThat(reader.getMetaLong("seawall.lsn.last")).isEqualTo(43);
            assertThat(reader.getMetaLong("seawall.records")).isEqualTo(4);
        }
    }

    @Test
    void takesNoMoreRecordsThanTheLimitAsksFor() throws Exception {
        try (var spool = spool(0)) {
            var ten = new ArrayList<LogRecord>();
            for (var lsn = 0; lsn < 10; lsn++) {
                ten.add(record(lsn, 1, 1, Record.of(new byte[10])));
            }

            var taken = spool.append(ten, 25);

            assertThat(taken).isEqualTo(3);
            assertThat(spool.nextLsn()).isEqualTo(3);
        }
    }

    private SealedSegment sealed(List<LogRecord> records) throws IOException {
        var spool = spool(records.get(0).lsn());
        spool.append(records, Long.MAX_VALUE);
        return spool.seal();
    }

    private SpoolFile spool(long firstLsn) throws IOException {
        return SpoolFile.create(folder.resolve("spool"), Bench.ORDERS, firstLsn, SYNC, 0);
    }

    private static LogRecord fromGeneric(GenericRecord generic) {
        var headers = new ArrayList<Header>();
        for (var header : (List<?>) generic.get("headers")) {
            var one = (GenericRecord) header;
            headers.add(new Header(one.get("key").toString(), bytesOf(one.get("value"))));
        }
        return new LogRecord(
                (Long) generic.get("lsn"),
                (Long) generic.get("term"),
                (Long) generic.get("timestamp"),
                (Long) generic.get("offset"),
                new Record(bytesOf(generic.get("key")), bytesOf(generic.get("value")), headers));
    }

    private static byte @Nullable [] bytesOf(@Nullable Object buffer) {
        return buffer == null ? null : Arrays.copyOf(((ByteBuffer) buffer).array(), ((ByteBuffer) buffer).remaining());
    }

    private static LogRecord record(long lsn, long term, long timestampMs, Record data) {
        return new LogRecord(lsn, term, timestampMs, 100 + 3 * lsn, data);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
