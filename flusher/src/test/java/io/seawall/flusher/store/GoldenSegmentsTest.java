package io.seawall.flusher.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.flusher.segment.LsnRange;
import io.seawall.flusher.segment.SegmentCodec;
import io.seawall.flusher.segment.SegmentFormat;
import io.seawall.flusher.segment.SegmentHeader;
import io.seawall.flusher.segment.SegmentInfo;
import io.seawall.flusher.segment.SegmentKey;
import io.seawall.wal.LogRecord;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.apache.avro.file.ZstandardCodec;
import org.apache.avro.io.DecoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files that the first release of the format wrote are still read and written the same way. */
class GoldenSegmentsTest {
    private static final Path ROOT = Path.of("src/test/resources/golden/segments-1");
    private static final Path SAMPLE = Path.of("../docs/samples/segment-deflate.avro");

    @TempDir
    Path folder;

    private final LocalSegmentStore store = LocalSegmentStore.reading(ROOT);

    @Test
    void theChainIsInOrder() {
        var report = new Segments(store).verify(GoldenSegments.ORDERS);

        assertThat(report.bad()).isEmpty();
        assertThat(report.segments()).isEqualTo(3);
        assertThat(report.records()).isEqualTo(18);
        assertThat(report.firstLsn()).hasValue(0);
        assertThat(report.nextLsn()).hasValue(60);
        assertThat(report.gaps()).singleElement().satisfies(gap -> {
            assertThat(gap.firstLsn()).isZero();
            assertThat(gap.lastLsn()).isEqualTo(GoldenSegments.GAP_LAST);
            assertThat(gap.logId()).isEqualTo(GoldenSegments.LOG_ID);
        });
    }

    @Test
    void everyRecordIsAsItWasWritten() {
        var expected = new ArrayList<>(GoldenSegments.shapes(42));
        expected.addAll(GoldenSegments.shapes(51));

        assertThat(read(new SegmentReading(store).records(GoldenSegments.ORDERS, LsnRange.ALL)))
                .isEqualTo(expected);
    }

    @Test
    void everyRecordOfTheSampleIsAsItWasWritten() {
        var all = new LsnRange(OptionalLong.of(1042), OptionalLong.of(1048));

        assertThat(read(SegmentReading.recordsOf(SAMPLE, all))).isEqualTo(GoldenSegments.sample());
    }

    @Test
    void headersKeepTheirContent() throws Exception {
        var info = new SegmentFiles(store).info(GoldenSegments.ZSTANDARD.key());

        assertThat(info.logId()).isEqualTo("Yk3fRk0oSDGcQ1xvU9m2Ag");
        assertThat(info.isGap()).isFalse();
        assertThat(info.lastLsn()).isEqualTo(50);
        assertThat(info.terms()).isEqualTo(new SegmentInfo.Range(7, 12));
        assertThat(info.timestampsMs()).isEqualTo(new SegmentInfo.Range(1_700_000_000_000L, 1_700_000_000_020L));
        assertThat(info.recordBytes())
                .isEqualTo(GoldenSegments.shapes(42).stream()
                        .mapToLong(record -> record.data().sizeBytes())
                        .sum());
    }

    @Test
    void aGapIsWrittenWithTheSameBytes() throws Exception {
        assertThat(GoldenSegments.writtenGap(folder)).isEqualTo(golden(GoldenSegments.GAP.key()));
    }

    /** Does not compare the bytes of the file: libraries of one format compress differently. */
    @ParameterizedTest
    @EnumSource(SegmentCodec.class)
    void aSegmentIsWrittenWithTheSameBytesBeforeTheyAreCompressed(SegmentCodec codec) throws Exception {
        var spec = codec == SegmentCodec.ZSTANDARD ? GoldenSegments.ZSTANDARD : GoldenSegments.DEFLATE;
        var records = GoldenSegments.shapes(spec.key().firstLsn());

        var written = Parts.of(GoldenSegments.written(spec, records, folder), codec);

        assertThat(written).isEqualTo(Parts.of(golden(spec.key()), codec));
        assertThat(written.blocks()).hasSizeGreaterThan(1);
    }

    @Test
    void theSampleIsWrittenWithTheSameBytesBeforeTheyAreCompressed() throws Exception {
        var written = GoldenSegments.written(GoldenSegments.SAMPLE, GoldenSegments.sample(), folder);

        assertThat(Parts.of(written, SegmentCodec.DEFLATE))
                .isEqualTo(Parts.of(Files.readAllBytes(SAMPLE), SegmentCodec.DEFLATE));
    }

    private static byte[] golden(SegmentKey key) throws IOException {
        return Files.readAllBytes(ROOT.resolve(key.path()));
    }

    private static List<LogRecord> read(SegmentRecords records) {
        try (records) {
            var all = new ArrayList<LogRecord>();
            records.forEachRemaining(all::add);
            return all;
        }
    }

    /**
     * A file without the parts that depend on the compression library.
     *
     * @param meta the metadata except lengths and checksums of compressed bytes
     * @param sync the marker after the header, in hexadecimal
     * @param blocks the number of encoded records of each block, followed by their bytes in hexadecimal
     */
    private record Parts(Map<String, String> meta, String sync, List<String> blocks) {
        static Parts of(byte[] file, SegmentCodec codec) throws IOException, DataFormatException {
            var header = SegmentHeader.read(new ByteArrayInputStream(file));
            var meta = new HashMap<>(header.meta());
            List.of("seawall.block.bytes", "seawall.block.crc32c", "seawall.header.crc32c")
                    .forEach(meta::remove);
            var start = (int) header.bytes();
            var sync = HexFormat.of().formatHex(file, start - SegmentFormat.SYNC_BYTES, start);
            var in = DecoderFactory.get().binaryDecoder(file, start, file.length - start, null);
            var blocks = new ArrayList<String>();
            while (!in.isEnd()) {
                var count = in.readLong();
                var data = in.readBytes(null);
                blocks.add(count + ":" + HexFormat.of().formatHex(uncompressed(data, codec)));
                var marker = new byte[SegmentFormat.SYNC_BYTES];
                in.readFixed(marker);
                assertThat(HexFormat.of().formatHex(marker)).isEqualTo(sync);
            }
            return new Parts(meta, sync, blocks);
        }

        private static byte[] uncompressed(ByteBuffer data, SegmentCodec codec)
                throws IOException, DataFormatException {
            if (codec == SegmentCodec.ZSTANDARD) {
                var plain = new ZstandardCodec(1, true, false).decompress(data);
                var bytes = new byte[plain.remaining()];
                plain.get(bytes);
                return bytes;
            }
            var inflater = new Inflater(true);
            try {
                inflater.setInput(data);
                var room = new byte[1 << 20];
                var length = inflater.inflate(room);
                assertThat(inflater.finished()).isTrue();
                return Arrays.copyOf(room, length);
            } finally {
                inflater.end();
            }
        }
    }
}
