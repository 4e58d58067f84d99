package io.seawall.walkafka.internal.format;

import io.seawall.wal.RequestException;
import io.seawall.wal.WalRecord;
import io.seawall.wal.WriterSeq;
import io.seawall.walkafka.internal.format.WalHeader.Claim;
import io.seawall.walkafka.internal.format.WalHeader.Data;
import io.seawall.walkafka.internal.format.WalHeader.Lease;
import io.seawall.walkafka.internal.format.WalHeader.Snapshot;
import io.seawall.walkafka.port.LaneProducer.Outgoing;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads and writes the {@code wal} and {@code wal-w} headers. Strict: bytes that do not follow the grammar are foreign. */
public final class WalHeaderCodec {
    private WalHeaderCodec() {}

    public static byte[] write(WalHeader header) {
        return switch (header.kind()) {
            case DATA -> data((Data) header, new BackwardsText());
            case SNAPSHOT -> ascii(header.stamp() + "/" + ((Snapshot) header).lsn() + " snapshot");
            case LEASE -> ascii(header.stamp() + " lease");
            case CLAIM -> ascii(header.stamp() + " claim");
        };
    }

    /** Returns a record to send, without a writer session. */
    public static Outgoing outgoing(WalHeader header, long timestampMs, WalRecord data) {
        return new Outgoing(write(header), null, timestampMs, data);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Returns the {@code wal-w} header for each record of a batch, or null for a batch without a session. */
    public static byte @Nullable [] writeWriter(@Nullable WriterSeq writer) {
        return writer == null ? null : ascii(writer.toString());
    }

    /** Parses a {@code wal-w} header. Returns null if there is none or it does not follow the grammar. */
    static @Nullable WriterSeq readWriter(byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        try {
            return WriterSeq.parse(new String(bytes, StandardCharsets.US_ASCII));
        } catch (RequestException foreign) {
            return null;
        }
    }

    /**
     * Returns the header of a data record.
     *
     * @param data the content
     * @param text an empty buffer to use; empty again afterwards
     */
    public static byte[] data(Data data, BackwardsText text) {
        if (data.copy()) {
            text.number(data.firstTerm()).sign('@');
        }
        if (data.partOfBatch()) {
            text.number(data.more()).sign('+');
        }
        var stamp = data.stamp();
        return text.number(data.lsn())
                .sign('/')
                .number(stamp.epoch())
                .sign('.')
                .number(stamp.term())
                .takeBytes();
    }

    /** Parses a {@code wal} header. Returns null if the bytes do not follow the grammar. */
    public static @Nullable WalHeader read(byte @Nullable [] bytes) {
        return bytes == null ? null : new Parser(bytes).header();
    }

    /** Parses one header from left to right. */
    private static final class Parser {
        private static final long MISFIT = -1;
        private static final int MOST_DIGITS = 19; // of a long

        private final byte[] bytes;
        private int at;

        Parser(byte[] bytes) {
            this.bytes = bytes;
        }

        @Nullable
        WalHeader header() {
            var term = number();
            var epoch = take('.') ? number() : MISFIT;
            if (term == MISFIT || epoch == MISFIT) {
                return null;
            }
            var stamp = new Stamp(term, epoch);
            return take('/') ? numbered(stamp) : unnumbered(stamp);
        }

        private @Nullable WalHeader unnumbered(Stamp stamp) {
            if (rest(" claim")) {
                return new Claim(stamp);
            }
            return rest(" lease") ? new Lease(stamp) : null;
        }

        private @Nullable WalHeader numbered(Stamp stamp) {
            var lsn = number();
            if (lsn == MISFIT) {
                return null;
            }
            if (rest(" snapshot")) {
                return new Snapshot(stamp, lsn);
            }
            var batch = take('+');
            var more = batch ? number() : 0;
            var copy = take('@');
            var firstTerm = copy ? number() : stamp.term();
            var fits = at == bytes.length && more >= 0 && more <= Integer.MAX_VALUE && firstTerm >= 0;
            return fits ? new Data(stamp, lsn, (int) more, batch, firstTerm, copy) : null;
        }

        /** Parses a decimal without leading zeros that fits a long. Returns {@link #MISFIT} for anything else. */
        private long number() {
            var start = at;
            long value = 0;
            while (at < bytes.length && bytes[at] >= '0' && bytes[at] <= '9') {
                if (at - start == MOST_DIGITS) {
                    return MISFIT;
                }
                value = value * 10 + (bytes[at++] - '0');
            }
            var digits = at - start;
            var tooLarge = value < 0; // 19 digits overflow at most once
            return digits == 0 || (digits > 1 && bytes[start] == '0') || tooLarge ? MISFIT : value;
        }

        private boolean take(char expected) {
            if (at < bytes.length && bytes[at] == expected) {
                at++;
                return true;
            }
            return false;
        }

        private boolean rest(String expected) {
            return new String(bytes, at, bytes.length - at, StandardCharsets.US_ASCII).equals(expected);
        }
    }
}
