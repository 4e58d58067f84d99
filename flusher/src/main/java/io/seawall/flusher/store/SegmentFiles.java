package io.seawall.flusher.store;

import io.seawall.flusher.segment.MalformedSegmentException;
import io.seawall.flusher.segment.RecordDecoder;
import io.seawall.flusher.segment.SegmentFormat;
import io.seawall.flusher.segment.SegmentHeader;
import io.seawall.flusher.segment.SegmentInfo;
import io.seawall.flusher.segment.SegmentKey;
import io.seawall.flusher.segment.SegmentSummary;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.zip.CRC32C;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.file.DataFileStream;

/** Reads segments back from a store. Thread-safe; every call blocks. */
public final class SegmentFiles {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final SegmentStore store;

    public SegmentFiles(SegmentStore store) {
        this.store = store;
    }

    /**
     * Reads the header and compares it with the object's name and length.
     *
     * @throws MalformedSegmentException if it is not the segment that its name denotes, or is truncated
     * @throws NoSuchFileException if there is no such object
     * @throws IOException if the store does not answer
     */
    public SegmentInfo info(SegmentKey key) throws IOException {
        try (var in = new BufferedInputStream(store.open(key))) {
            var info = SegmentHeader.read(in).info(key);
            var size = store.sizeBytes(key);
            if (size != info.fileBytes()) {
                throw new MalformedSegmentException(
                        "the object has " + size + " bytes, its header has " + info.fileBytes());
            }
            return info;
        }
    }

    /**
     * Verifies all of a segment: first the checksum of the blocks, so that no damaged length is trusted, then every record.
     *
     * @return the content of the header, which is verified
     * @throws MalformedSegmentException if anything does not match
     * @throws IOException if the store does not answer
     */
    public SegmentInfo verified(SegmentKey key) throws IOException {
        var info = info(key);
        checkBlocks(info);
        var summary = summaryOfRecords(key);
        if (info.isGap()) {
            expect("records", summary.nextLsn() - key.firstLsn(), 0L);
            return info;
        }
        expect("last LSN", summary.nextLsn() - 1, info.lastLsn());
        expect("bytes of records", summary.recordBytes(), info.recordBytes());
        expect("terms", summary.terms(), info.terms());
        expect("timestamps", summary.timestampsMs(), info.timestampsMs());
        return info;
    }

    /**
     * Verifies the checksum of all blocks.
     *
     * @throws MalformedSegmentException if it differs
     * @throws IOException if the store does not answer
     */
    void checkBlocks(SegmentInfo info) throws IOException {
        var crc = new CRC32C();
        try (var in = store.open(info.key())) {
            in.skipNBytes(info.headerBytes());
            var buffer = new byte[BUFFER_BYTES];
            for (var count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                crc.update(buffer, 0, count);
            }
        }
        expect(
                "CRC-32C of the blocks",
                SegmentFormat.crcText((int) crc.getValue()),
                SegmentFormat.crcText(info.blocks().crc32c()));
    }

    private SegmentSummary summaryOfRecords(SegmentKey key) throws IOException {
        var summary = new SegmentSummary(key);
        var in = new StoreInput(store.open(key));
        try (var records = new DataFileStream<>(in, new RecordDecoder())) {
            while (records.hasNext()) {
                summary.add(records.next());
            }
        } catch (IOException | AvroRuntimeException | WalException e) {
            in.rethrowFailure();
            throw new MalformedSegmentException("its records cannot be read: " + e.getMessage());
        }
        return summary;
    }

    private static void expect(String what, Object found, Object header) throws MalformedSegmentException {
        if (!found.equals(header)) {
            throw new MalformedSegmentException(what + ": found " + found + ", the header has " + header);
        }
    }

    /** Returns the error for a failure to read an object. */
    public WalException problem(SegmentKey key, IOException error) {
        if (error instanceof MalformedSegmentException malformed) {
            return Problem.of(ErrorCode.DATA_LOSS, "read the segment " + store.describe(key))
                    .pchannel(key.pchannel())
                    .found(malformed.problem())
                    .expected("the segment of " + key.pchannel() + " that begins with LSN " + key.firstLsn())
                    .fix("restore the object from a copy, or move it away")
                    .cause(error)
                    .exception();
        }
        return unavailable(key.pchannel(), "read the segment " + store.describe(key), error);
    }

    /** Returns the error for a store that did not answer. */
    public static WalException unavailable(PChannel pchannel, String operation, IOException error) {
        return Problem.of(ErrorCode.UNAVAILABLE, operation)
                .pchannel(pchannel)
                .found(FutureErrors.text(error))
                .cause(error)
                .exception();
    }
}
