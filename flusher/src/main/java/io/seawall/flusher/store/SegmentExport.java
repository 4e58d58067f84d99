package io.seawall.flusher.store;

import io.seawall.flusher.segment.SegmentCodec;
import io.seawall.flusher.segment.SegmentInfo;
import io.seawall.flusher.segment.SegmentKey;
import io.seawall.flusher.segment.SegmentSpec;
import io.seawall.flusher.segment.SpoolFile;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.LogRecord;
import io.seawall.wal.Problem;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Consumer;

/** Writes a range of records, from any number of segments, as one file in the segment format. */
public final class SegmentExport {
    private SegmentExport() {}

    /**
     * Writes a file. Blocks until it is durable; removes it after an error.
     *
     * @param records the records; read to the end, not closed
     * @param codec how they are compressed
     * @param sync 16 random bytes, which occur in a record only by chance
     * @param target the file; must not exist. Names in the same folder that begin with its name are used too
     * @param watcher called for each record
     * @return the content of the file's header
     * @throws io.seawall.wal.RequestException with {@link ErrorCode#INVALID} if there is no record
     * @throws io.seawall.wal.WalException if the records cannot be read
     * @throws IOException if the file cannot be written
     */
    public static SegmentInfo write(
            SegmentRecords records, SegmentCodec codec, byte[] sync, Path target, Consumer<LogRecord> watcher)
            throws IOException {
        var logId = records.logId();
        if (records.firstLsn() == records.nextLsn() || logId.isEmpty()) {
            throw Problem.of(ErrorCode.INVALID, "export records of " + records.pchannel())
                    .pchannel(records.pchannel())
                    .found("no record from LSN " + records.firstLsn() + " on")
                    .expected("at least one: an empty file would not state its range")
                    .exception();
        }
        var spec = new SegmentSpec(new SegmentKey(records.pchannel(), records.firstLsn()), logId.get(), codec, sync);
        try (var spool = SpoolFile.create(target.resolveSibling(target.getFileName() + ".spool"), spec, 0)) {
            while (records.hasNext()) {
                var record = records.next();
                spool.append(List.of(record), Long.MAX_VALUE);
                watcher.accept(record);
            }
            var sealed = spool.seal();
            sync(sealed.file());
            Files.move(sealed.file(), target);
            return sealed.info();
        }
    }

    private static void sync(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }
}
