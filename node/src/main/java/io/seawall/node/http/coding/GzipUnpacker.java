package io.seawall.node.http.coding;

import io.seawall.wal.WalException;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Unpacks gzip (RFC 1952) and checks all that it has to check with: the checksum and the length of each member. Java's own
 * GZIPInputStream takes any bytes behind a member for its end.
 */
final class GzipUnpacker {
    private static final int HEADER_BYTES = 10;
    private static final int TRAILER_BYTES = 8;
    private static final int DEFLATE = 8;
    private static final int HAS_HEADER_CRC = 1 << 1;
    private static final int HAS_EXTRA = 1 << 2;
    private static final int HAS_NAME = 1 << 3;
    private static final int HAS_COMMENT = 1 << 4;
    private static final int RESERVED = 0xe0;

    private final String operation;
    private final byte[] packed;
    private final int length;
    private final Unpacked out;
    private int at;

    GzipUnpacker(String operation, byte[] packed, int length, Unpacked out) {
        this.operation = operation;
        this.packed = packed;
        this.length = length;
        this.out = out;
    }

    void unpack() {
        var inflater = new Inflater(true);
        try {
            do {
                header();
                member(inflater);
            } while (at < length);
        } finally {
            inflater.end();
        }
    }

    private void header() {
        var start = at;
        if (length - at >= 2 && (octet(at) != 0x1f || octet(at + 1) != 0x8b)) {
            throw broken(at == 0 ? "no gzip" : "other bytes behind the end");
        }
        need(HEADER_BYTES, "a header");
        var flags = octet(at + 3);
        if (octet(at + 2) != DEFLATE || (flags & RESERVED) != 0) {
            throw broken("a header of another version");
        }
        at += HEADER_BYTES;
        if ((flags & HAS_EXTRA) != 0) {
            need(2, "a header");
            need(2 + shortAt(at), "a header");
            at += 2 + shortAt(at);
        }
        if ((flags & HAS_NAME) != 0) {
            skipText();
        }
        if ((flags & HAS_COMMENT) != 0) {
            skipText();
        }
        if ((flags & HAS_HEADER_CRC) != 0) {
            need(2, "a header");
            var crc = new CRC32();
            crc.update(packed, start, at - start);
            if (shortAt(at) != (crc.getValue() & 0xffff)) {
                throw broken("a header with another checksum");
            }
            at += 2;
        }
    }

    private void skipText() {
        do {
            need(1, "a header");
        } while (packed[at++] != 0);
    }

    private void member(Inflater inflater) {
        inflater.reset();
        inflater.setInput(packed, at, length - at);
        var crc = new CRC32();
        var data = at;
        try {
            while (!inflater.finished()) {
                var room = out.room();
                var from = room.position();
                var taken = inflater.inflate(room);
                crc.update(room.duplicate().position(from).limit(from + taken));
                out.taken(taken);
                at = data + (int) inflater.getBytesRead();
                if (taken == 0 && !inflater.finished()) {
                    throw Broken.cut(operation, Coding.GZIP, at, "its data");
                }
            }
        } catch (DataFormatException e) {
            at = data + (int) inflater.getBytesRead();
            throw broken(String.valueOf(e.getMessage()));
        }
        need(TRAILER_BYTES, "its checksum");
        if (intAt(at) != (int) crc.getValue() || intAt(at + 4) != (int) inflater.getBytesWritten()) {
            throw broken("another checksum or length than that of the data");
        }
        at += TRAILER_BYTES;
    }

    private void need(int bytes, String where) {
        if (length - at < bytes) {
            throw Broken.cut(operation, Coding.GZIP, length, where);
        }
    }

    private int octet(int index) {
        return packed[index] & 0xff;
    }

    private int shortAt(int index) {
        return octet(index) | octet(index + 1) << 8;
    }

    private int intAt(int index) {
        return shortAt(index) | shortAt(index + 2) << 16;
    }

    private WalException broken(String what) {
        return Broken.at(operation, Coding.GZIP, at, what);
    }
}
