package io.seawall.flusher.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.flusher.Bench;
import io.seawall.flusher.segment.SegmentInfo.Range;
import io.seawall.flusher.store.LocalSegmentStore;
import io.seawall.flusher.store.SegmentFiles;
import io.seawall.wal.Header;
import io.seawall.wal.LogRecord;
import io.seawall.wal.WalRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32C;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentFormatTest {
    private static final byte[] SYNC = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private static final List<LogRecord> SHAPES = List.of(
            record(40, 3, 1_700_000_000_000L, new WalRecord(null, null, List.of())),
            record(41, 3, 1_700_000_000_000L, new WalRecord(new byte[0], new byte[0], List.of())),
            record(
                    42,
                    4,
                    1_700_000_000_005L,
                    new WalRecord(bytes("k"), bytes("välue"), List.of(new Header("h", bytes("1"))))),
            record(
                    43,
                    5,
                    1_700_000_000_006L,
                    new WalRecord(
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
    void theHeaderDescribesTheBlocks() throws Exception {
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

    @ParameterizedTest
    @EnumSource
    void everyCodecIsReadByAnyReaderAndByOurs(SegmentCodec codec) throws Exception {
        var spool = SpoolFile.create(folder.resolve("spool"), spec(40, codec), 0);
        spool.append(SHAPES, Long.MAX_VALUE);
        var sealed = spool.seal();

        try (var reader = new DataFileReader<GenericRecord>(sealed.file().toFile(), new GenericDatumReader<>())) {
            assertThat(reader.getMetaString("avro.codec")).isEqualTo(codec.avroName());
            assertThat(reader.iterator()).toIterable().hasSize(SHAPES.size());
        }
        assertThat(verified(sealed)).isEqualTo(sealed.info());
    }

    @Test
    void zstdFramesHaveAChecksum() throws Exception {
        var block = SegmentCodec.ZSTANDARD.compressed(new byte[1000], 1000);

        // RFC 8878, 3.1.1.1: bit 2 of the frame header descriptor, which follows the magic.
        assertThat(block.get(block.position() + 4) & 0b100).isNotZero();
    }

    @Test
    void aGapNamesTheMissingRangeAndHasNoRecords() throws Exception {
        var gap = SealedSegment.gap(folder.resolve("gap"), spec(40, SegmentCodec.ZSTANDARD), 99);

        var info = verified(gap);

        assertThat(info).isEqualTo(gap.info());
        assertThat(info.isGap()).isTrue();
        assertThat(info.logId()).isEqualTo("a-log");
        assertThat(info.nextLsn()).isEqualTo(100);
        assertThat(info.recordCount()).isZero();
        assertThat(info.fileBytes()).isEqualTo(Files.size(gap.file()));
        try (var reader = new DataFileReader<GenericRecord>(gap.file().toFile(), new GenericDatumReader<>())) {
            assertThat(reader.getMetaString("seawall.kind")).isEqualTo("gap");
            assertThat(reader.getMetaLong("seawall.records")).isZero();
            assertThat(reader.hasNext()).isFalse();
        }
    }

    @Test
    void aGapWithRecordsIsMalformed() throws Exception {
        var sealed = sealed(SHAPES);
        var meta = new HashMap<>(header(sealed).meta());
        meta.put("seawall.kind", "gap");
        meta.put("seawall.records", "0");

        assertThatThrownBy(() -> new SegmentHeader(withCrc(meta), 1).info(new SegmentKey(Bench.ORDERS, 40)))
                .isInstanceOf(MalformedSegmentException.class)
                .hasMessageContaining("describes records");
    }

    @ParameterizedTest
    @ValueSource(strings = {"avro.codec", "seawall.kind", "seawall.log.id"})
    void unknownOrMissingMetadataIsMalformed(String name) throws Exception {
        var sealed = sealed(SHAPES);
        var without = new HashMap<>(header(sealed).meta());
        without.remove(name);
        var unknown = new HashMap<>(header(sealed).meta());
        unknown.put(name, "new");

        assertThatThrownBy(() -> new SegmentHeader(withCrc(without), 1).info(new SegmentKey(Bench.ORDERS, 40)))
                .hasMessageContaining(name);
        if (!name.equals("seawall.log.id")) {
            assertThatThrownBy(() -> new SegmentHeader(withCrc(unknown), 1).info(new SegmentKey(Bench.ORDERS, 40)))
                    .hasMessageContaining("'new'");
        }
    }

    @Test
    void metadataThatWasChangedIsMalformed() throws Exception {
        var meta = new HashMap<>(header(sealed(SHAPES)).meta());
        meta.put("seawall.log.id", "a-lag");

        assertThatThrownBy(() -> new SegmentHeader(meta, 1).info(new SegmentKey(Bench.ORDERS, 40)))
                .hasMessageContaining("seawall.header.crc32c");
    }

    private static Map<String, String> withCrc(Map<String, String> meta) {
        meta.put("seawall.header.crc32c", SegmentFormat.crcText(SegmentFormat.headerCrc(meta)));
        return meta;
    }

    @Test
    void aPartWrittenEarlyToGiveMemoryBackIsABlockLikeOthers() throws Exception {
        var spool = spool(40);
        for (var record : SHAPES) {
            spool.append(List.of(record), Long.MAX_VALUE);
            spool.spill();
        }
        assertThat(spool.keptBytes()).isLessThanOrEqualTo(1024);

        var sealed = spool.seal();

        assertThat(verified(sealed).recordCount()).isEqualTo(SHAPES.size());
    }

    /** Verifies the segment as an object of a store. */
    private SegmentInfo verified(SealedSegment sealed) throws IOException {
        var store = LocalSegmentStore.open(folder.resolve("segments"), new Random(1));
        store.publish(sealed.info().key(), sealed.file());
        return new SegmentFiles(store).verified(sealed.info().key());
    }

    private static SegmentHeader header(SealedSegment sealed) throws IOException {
        try (var in = Files.newInputStream(sealed.file())) {
            return SegmentHeader.read(in);
        }
    }

    @Test
    void takesNoMoreRecordsThanTheLimitAsksFor() throws Exception {
        try (var spool = spool(0)) {
            var ten = new ArrayList<LogRecord>();
            for (var lsn = 0; lsn < 10; lsn++) {
                ten.add(record(lsn, 1, 1, WalRecord.of(new byte[10])));
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
        return SpoolFile.create(folder.resolve("spool"), spec(firstLsn, SegmentCodec.ZSTANDARD), 0);
    }

    private static SegmentSpec spec(long firstLsn, SegmentCodec codec) {
        return new SegmentSpec(new SegmentKey(Bench.ORDERS, firstLsn), "a-log", codec, SYNC);
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
                new WalRecord(bytesOf(generic.get("key")), bytesOf(generic.get("value")), headers));
    }

    private static byte @Nullable [] bytesOf(@Nullable Object buffer) {
        return buffer == null ? null : Arrays.copyOf(((ByteBuffer) buffer).array(), ((ByteBuffer) buffer).remaining());
    }

    private static LogRecord record(long lsn, long term, long timestampMs, WalRecord data) {
        return new LogRecord(lsn, term, timestampMs, 100 + 3 * lsn, data);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
