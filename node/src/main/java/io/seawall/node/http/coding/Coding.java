package io.seawall.node.http.coding;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Optional;

/** How the bytes of a body are coded. */
public enum Coding {
    /** Not at all. */
    IDENTITY("identity"),
    GZIP("gzip"),
    ZSTD("zstd");

    /** All codings, for the header that tells a client what it may send. */
    public static final String ALL = "gzip, zstd, identity";

    /** Fast: answers of this kind shrink to about a third at any level. */
    private static final int ZSTD_LEVEL = 1;

    private final String token;

    Coding(String token) {
        this.token = token;
    }

    /** Returns its name in headers. */
    public String token() {
        return token;
    }

    /** Returns the coding with this name. RFC 9110 has {@code x-gzip} as another name of gzip. */
    public static Optional<Coding> of(String name) {
        return switch (name.strip().toLowerCase(Locale.ROOT)) {
            case "identity" -> Optional.of(IDENTITY);
            case "gzip", "x-gzip" -> Optional.of(GZIP);
            case "zstd" -> Optional.of(ZSTD);
            default -> Optional.empty();
        };
    }

    /**
     * Returns a stream that packs what is written to it. A flush hands on everything that was written. Closing it closes the other
     * stream, and frees memory outside the heap, up to 1 MiB.
     */
    public OutputStream packing(OutputStream out) throws IOException {
        return switch (this) {
            case IDENTITY -> out;
            case GZIP -> new GzipStream(out);
            case ZSTD -> new ZstdOutputStreamNoFinalizer(out, ZSTD_LEVEL);
        };
    }

    /** Packs bytes. */
    public byte[] pack(byte[] bytes) {
        var out = new ByteArrayOutputStream(bytes.length / 4);
        try (var packing = packing(out)) {
            packing.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("a buffer in memory does not fail", e);
        }
        return out.toByteArray();
    }

    /**
     * Unpacks a whole body. Several members of gzip, or frames of zstd, behind each other are one body.
     *
     * @param operation what the client wants, for errors
     * @param packed the body as it was sent
     * @param length how many bytes of the array it has
     * @param out takes what it unpacks to, and ends it with an exception if that is too much
     * @throws io.seawall.wal.RequestException with code INVALID if it is broken, cut off, or has other bytes behind its end
     */
    public void unpack(String operation, byte[] packed, int length, Unpacked out) {
        switch (this) {
            case IDENTITY -> throw new IllegalStateException("not packed");
            case GZIP -> new GzipUnpacker(operation, packed, length, out).unpack();
            case ZSTD -> ZstdUnpacker.unpack(operation, packed, length, out);
        }
    }
}
