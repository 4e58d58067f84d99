package io.seawall.flusher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;

/** The constants of the segment format, version 1. Changing any of them needs a new version: docs/segments.md. */
final class SegmentFormat {
    static final String VERSION = "1";

    static final String META_VERSION = "seawall.format";
    static final String META_PCHANNEL = "seawall.pchannel";
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

    static final Schema SCHEMA = readSchema();
    /** As it stands in a header, where it is compared as text. */
    static final String SCHEMA_TEXT = SCHEMA.toString();

    static final int SYNC_BYTES = 16;

    /** How many encoded bytes a block collects before it is compressed; the memory that an open segment takes. */
    static final int BLOCK_BYTES = 64 * 1024;

    private static final int ZSTD_LEVEL = 1;

    private SegmentFormat() {}

    static CodecFactory codec() {
        return CodecFactory.zstandardCodec(ZSTD_LEVEL);
    }

    /** A CRC as the header has it: 8 hexadecimal digits in lower case. */
    static String crcText(int crc32c) {
        return "%08x".formatted(crc32c);
    }

    private static Schema readSchema() {
        try (var in = SegmentFormat.class.getResourceAsStream("segment-1.avsc")) {
            return new Schema.Parser().parse(Objects.requireNonNull(in, "segment-1.avsc is not in the jar"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read segment-1.avsc from the jar", e);
        }
    }
}
