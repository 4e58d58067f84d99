package io.seawall.flusher.segment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.apache.avro.Schema;

/** The constants of the segment format, version 1. Changing any of them needs a new version: docs/segments.md. */
public final class SegmentFormat {
    static final String VERSION = "1";

    static final String META_VERSION = "seawall.format";
    static final String META_PCHANNEL = "seawall.pchannel";
    static final String META_LOG_ID = "seawall.log.id";
    static final String META_KIND = "seawall.kind";
    static final String META_FIRST_LSN = "seawall.lsn.first";
    static final String META_LAST_LSN = "seawall.lsn.last";
    static final String META_COUNT = "seawall.records";
    static final String META_RECORD_BYTES = "seawall.record.bytes";
    static final String META_BLOCK_BYTES = "seawall.block.bytes";
    static final String META_BLOCK_CRC = "seawall.block.crc32c";
    static final String META_MIN_TERM = "seawall.term.min";
    static final String META_MAX_TERM = "seawall.term.max";
    static final String META_MIN_TIMESTAMP = "seawall.timestamp.min";
    static final String META_MAX_TIMESTAMP = "seawall.timestamp.max";

    /** The CRC of all other {@code seawall.} metadata. */
    static final String META_HEADER_CRC = "seawall.header.crc32c";

    private static final String META_OURS = "seawall.";

    /** A segment that holds the records of its range. */
    public static final String KIND_RECORDS = "records";

    /** A segment whose range was trimmed before it was flushed. */
    public static final String KIND_GAP = "gap";

    static final Schema SCHEMA = readSchema();
    /** The schema as headers hold it; it is compared as text. */
    static final String SCHEMA_TEXT = SCHEMA.toString();

    public static final int SYNC_BYTES = 16;

    /** How many encoded bytes a block collects before it is compressed. */
    static final int BLOCK_BYTES = 64 * 1024;

    private SegmentFormat() {}

    /** Returns a CRC as the header holds it: 8 hexadecimal digits in lower case. */
    public static String crcText(int crc32c) {
        return "%08x".formatted(crc32c);
    }

    /**
     * Returns the CRC-32C of our metadata except the CRC itself: {@code name=value} and a newline each, in UTF-8, in the order
     * of the names.
     */
    static int headerCrc(Map<String, String> meta) {
        var crc = new CRC32C();
        new TreeMap<>(meta).forEach((name, value) -> {
            if (name.startsWith(META_OURS) && !name.equals(META_HEADER_CRC)) {
                crc.update((name + "=" + value + "\n").getBytes(StandardCharsets.UTF_8));
            }
        });
        return (int) crc.getValue();
    }

    private static Schema readSchema() {
        try (var in = SegmentFormat.class.getResourceAsStream("segment-1.avsc")) {
            return new Schema.Parser().parse(Objects.requireNonNull(in, "segment-1.avsc is not in the jar"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read segment-1.avsc from the jar", e);
        }
    }
}
