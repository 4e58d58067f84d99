package io.seawall.flusher.segment;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.Deflater;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.ZstandardCodec;

/** How the blocks of a segment are compressed. Readers accept both codecs. Stateless. */
public enum SegmentCodec {
    /** One zstd frame per block, with a checksum of its content: small and fast. */
    ZSTANDARD("zstandard") {
        @Override
        CodecFactory factory() {
            return CodecFactory.zstandardCodec(ZSTD_LEVEL, true);
        }

        @Override
        ByteBuffer compressed(byte[] data, int length) throws IOException {
            // Created for each block, because an instance keeps its largest output.
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
                // Its memory is outside the Java heap.
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

    /** Returns the value of {@code avro.codec}. */
    String avroName() {
        return avroName;
    }

    /** Returns the codec of that name; empty if segments never use it. */
    static Optional<SegmentCodec> ofAvroName(String name) {
        for (var codec : values()) {
            if (codec.avroName.equals(name)) {
                return Optional.of(codec);
            }
        }
        return Optional.empty();
    }

    /** Returns the codec for Avro's own writer, which creates the header. */
    abstract CodecFactory factory();

    /** Returns the data of one block as the file holds it. */
    abstract ByteBuffer compressed(byte[] data, int length) throws IOException;
}
