package io.seawall.flusher.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.seawall.flusher.segment.SealedSegment;
import io.seawall.flusher.segment.SegmentCodec;
import io.seawall.flusher.segment.SegmentKey;
import io.seawall.flusher.segment.SegmentSpec;
import io.seawall.flusher.segment.SpoolFile;
import io.seawall.wal.Header;
import io.seawall.wal.LogRecord;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The content of the golden files of format version 1; see the README in their folder. Nothing here may change: a later version
 * gets its own files and class.
 */
final class GoldenSegments {
    static final PChannel ORDERS = PChannel.parse("orders-3");
    static final String LOG_ID = "Yk3fRk0oSDGcQ1xvU9m2Ag";
    static final byte[] SYNC = "0123456789abcdef".getBytes(UTF_8);

    private static final long TIME_MS = 1_700_000_000_000L;
    private static final byte[] NOT_UTF8 = {(byte) 0xff, 0x00, (byte) 0xfe, (byte) 0x80, 0x0a};
    /** Has no zero byte, because avrocat of avro-bin 1.11 ends a text there. */
    private static final byte[] NOT_UTF8_FOR_C = {(byte) 0xff, (byte) 0xfe, (byte) 0x80, 0x0a};

    private static final int BIG_BYTES = 150_000;

    /** LSNs 0 to 41: trimmed before they were flushed. */
    static final SegmentSpec GAP = spec(0, SegmentCodec.ZSTANDARD);

    static final long GAP_LAST = 41;
    /** LSNs 42 to 50. */
    static final SegmentSpec ZSTANDARD = spec(42, SegmentCodec.ZSTANDARD);
    /** LSNs 51 to 59: the same shapes. */
    static final SegmentSpec DEFLATE = spec(51, SegmentCodec.DEFLATE);
    /** LSNs 1042 to 1048: {@code docs/samples/segment-deflate.avro}. */
    static final SegmentSpec SAMPLE = spec(1042, SegmentCodec.DEFLATE);

    private GoldenSegments() {}

    private static SegmentSpec spec(long firstLsn, SegmentCodec codec) {
        return new SegmentSpec(new SegmentKey(ORDERS, firstLsn), LOG_ID, codec, SYNC);
    }

    /** Returns records of every shape; terms 7, 8 and 12; offsets with holes; more than two blocks. */
    static List<LogRecord> shapes(long firstLsn) {
        return numbered(
                firstLsn,
                List.of(
                        new WalRecord(null, null, List.of()),
                        new WalRecord(new byte[0], new byte[0], List.of()),
                        new WalRecord(null, new byte[0], List.of(new Header("only", null))),
                        new WalRecord(
                                text("key"), null, List.of(new Header("a", text("1")), new Header("a", text("2")))),
                        new WalRecord(NOT_UTF8, NOT_UTF8, List.of(new Header("raw", NOT_UTF8))),
                        new WalRecord(
                                text("Schlüssel"),
                                text("日本語 🌊"),
                                List.of(
                                        new Header("größe", text("ß")),
                                        new Header("", text("no name")),
                                        new Header("null", null),
                                        new Header("empty", new byte[0]),
                                        new Header("null", null))),
                        new WalRecord(text("big"), big(), List.of()),
                        new WalRecord(text("behind the big one"), text("in a block of its own"), List.of()),
                        new WalRecord(text("last"), text("last"), List.of(new Header("h", text("v"))))));
    }

    /** Returns the content of the documentation's sample, readable by a person. */
    static List<LogRecord> sample() {
        return numbered(
                SAMPLE.key().firstLsn(),
                List.of(
                        WalRecord.of(text("a value alone")),
                        new WalRecord(text("customer-17"), text("{\"item\":\"tea\",\"count\":2}"), List.of()),
                        new WalRecord(text("customer-17"), null, List.of(new Header("reason", text("deleted")))),
                        new WalRecord(new byte[0], new byte[0], List.of()),
                        new WalRecord(null, null, List.of()),
                        new WalRecord(NOT_UTF8_FOR_C, text("日本語"), List.of(new Header("raw", NOT_UTF8_FOR_C))),
                        new WalRecord(
                                text("k"),
                                text("headers keep their order"),
                                List.of(
                                        new Header("b", text("2")),
                                        new Header("a", text("1")),
                                        new Header("b", new byte[0]),
                                        new Header("b", null)))));
    }

    private static List<LogRecord> numbered(long firstLsn, List<WalRecord> shapes) {
        var terms = new long[] {7, 7, 7, 7, 8, 8, 12, 12, 12};
        var records = new ArrayList<LogRecord>();
        for (var i = 0; i < shapes.size(); i++) {
            // Two records at the same time; extra offsets for markers and claims between them.
            var timeMs = TIME_MS + 5L * (i / 2);
            records.add(new LogRecord(firstLsn + i, terms[i], timeMs, 3 * firstLsn + 2L * i, shapes.get(i)));
        }
        return List.copyOf(records);
    }

    private static byte[] big() {
        var bytes = new byte[BIG_BYTES];
        IntStream.range(0, BIG_BYTES).forEach(i -> bytes[i] = (byte) (i >> 8));
        return bytes;
    }

    private static byte[] text(String text) {
        return text.getBytes(UTF_8);
    }

    /** Returns the file that the flusher would write. */
    static byte[] written(SegmentSpec spec, List<LogRecord> records, Path folder) throws IOException {
        var spool = SpoolFile.create(folder.resolve("spool"), spec, 0);
        spool.append(records, Long.MAX_VALUE);
        return content(spool.seal());
    }

    /** Returns the gap that the flusher would write. */
    static byte[] writtenGap(Path folder) throws IOException {
        return content(SealedSegment.gap(folder.resolve("gap"), GAP, GAP_LAST));
    }

    private static byte[] content(SealedSegment sealed) throws IOException {
        var content = Files.readAllBytes(sealed.file());
        sealed.discard();
        return content;
    }

    /**
     * Writes the files: once for each version of the format, never again.
     *
     * @param args the folder of the golden files of this version, and the file of the sample; existing files are kept
     */
    public static void main(String[] args) throws IOException {
        var root = Path.of(args[0]);
        var work = Files.createTempDirectory("golden");
        create(root.resolve(GAP.key().path()), writtenGap(work));
        for (var spec : List.of(ZSTANDARD, DEFLATE)) {
            create(
                    root.resolve(spec.key().path()),
                    written(spec, shapes(spec.key().firstLsn()), work));
        }
        create(Path.of(args[1]), written(SAMPLE, sample(), work));
        Files.delete(work);
    }

    private static void create(Path file, byte[] content) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        if (!Files.exists(file)) {
            Files.write(file, content);
        }
    }
}
