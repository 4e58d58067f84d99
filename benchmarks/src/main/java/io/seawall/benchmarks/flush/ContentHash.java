package io.seawall.benchmarks.flush;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A SHA-256 over LSNs and values in order. Used by one thread. */
final class ContentHash {
    private final MessageDigest digest;
    private final ByteBuffer number = ByteBuffer.allocate(Long.BYTES);

    ContentHash() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    void add(long lsn, byte[] value) {
        digest.update(number.putLong(0, lsn).array());
        digest.update(value);
    }

    /** Returns the hash of everything added, in hexadecimal, and starts again. */
    String text() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
