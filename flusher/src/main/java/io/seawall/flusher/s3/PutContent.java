package io.seawall.flusher.s3;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * The content of a put, with its checksum. The checksum goes into a header: by default the SDK appends it to the body, and some
 * stores reject that, or answer before they have read it.
 *
 * @param body the bytes; can be read again for another attempt
 * @param crc32c their CRC-32C in S3's form: base64 of 4 bytes, the highest first
 */
record PutContent(RequestBody body, String crc32c) {
    private static final int BUFFER_BYTES = 64 * 1024;

    static PutContent of(Path file) throws IOException {
        var crc = new CRC32C();
        var buffer = new byte[BUFFER_BYTES];
        try (var in = Files.newInputStream(file)) {
            for (var count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                crc.update(buffer, 0, count);
            }
        }
        return new PutContent(RequestBody.fromFile(file), text(crc));
    }

    static PutContent of(String content) {
        var crc = new CRC32C();
        crc.update(content.getBytes(StandardCharsets.UTF_8));
        return new PutContent(RequestBody.fromString(content), text(crc));
    }

    private static String text(Checksum crc) {
        return Base64.getEncoder()
                .encodeToString(ByteBuffer.allocate(Integer.BYTES)
                        .putInt((int) crc.getValue())
                        .array());
    }
}
