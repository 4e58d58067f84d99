package io.seawall.flusher;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.Deflater;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.ZstandardCodec;

/** How the blocks of a segment are compressed. Readers take both, whatever is set; stateless. */
public enum SegmentCodec {
    /** One zstd frame for each block, with a checksum of its content: small and fast. */
    ZSTANDARD("zstandard") {
        @Override
        CodecFactory factory() {
            return CodecFactory.zstandardCodec(ZSTD_LEVEL, true);
        }

        @Override
        ByteBuffer compressed(byte[] data, int length) throws IOException {
            // Made anew for each block, as it keeps its largest output for as long as it lives.
            return new ZstandardCodec(ZSTD_LEVEL, true, false).compress(ByteBuffer.wrap(data, 0, length));
        }
    },

    /** Raw deflate (RFC 1951), which every Avro library reads: larger, and several times slower to write. */
    DEFLATE("deflate") {
        @Override
        CodecFactory factory() {
            return CodecFactory.deflateCodec(DEFLATE_LEVEL);
        }

        @Override
        ByteBuffer compressed(byte[] data, int length) {
            var deflater = new Deflater(DEFLATE_LEVEL, true);
            try {
                deflater.setInput(data, 0, length);
                deflater.finish();
                var out = new ByteArrayOutputStream(length / 2 + 64);
                var chunk = new byte[8 * 1024];
                while (!deflater.finished()) {
                    out.write(chunk, 0, deflater.deflate(chunk));
                }
                return ByteBuffer.wrap(out.toByteArray());
            } finally {
                // Its memory is not Java's.
                deflater.end();
            }
        }
    };

    private static final int ZSTD_LEVEL = 1;
    private static final int DEFLATE_LEVEL = 6;

    private final String avroName;

    SegmentCodec(String avroName) {
        this.avroName = avroName;
    }

    /** What {@code avro.codec} says. */
    String avroName() {
        return avroName;
    }

    /** The codec of that name; empty if segments never have it. */
    static Optional<SegmentCodec> ofAvroName(String name) {
        for (var codec : values()) {
            if (codec.avroName.equals(name)) {
                return Optional.of(codec);
            }
        }
        return Optional.empty();
    }

    /** For Avro's own writer, which makes the header. */
    abstract CodecFactory factory();

    /** The data of one block as it stands in the file. */
    abstract ByteBuffer compressed(byte[] data, int length) throws IOException;
}
