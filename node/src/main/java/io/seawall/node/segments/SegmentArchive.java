package io.seawall.node.segments;

import io.seawall.flusher.Leftovers;
import io.seawall.flusher.Leftovers.Leftover;
import io.seawall.flusher.segment.LsnRange;
import io.seawall.flusher.segment.SegmentCodec;
import io.seawall.flusher.store.SegmentExport;
import io.seawall.flusher.store.SegmentReading;
import io.seawall.flusher.store.SegmentRecords;
import io.seawall.flusher.store.SegmentStore;
import io.seawall.flusher.store.Segments;
import io.seawall.node.config.NodeConfig;
import io.seawall.node.config.SegmentsRoot;
import io.seawall.node.ports.Flushes.Segment;
import io.seawall.node.ports.Flushes.Verified;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.LogRecord;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * A segment store for an operator without a node. Only {@link #sweep} deletes anything, and never a segment. Failures are
 * {@link WalException}s: NOT_FOUND, TRIMMED or BEYOND_TAIL for records or segments that do not exist, DATA_LOSS for damaged
 * ones, UNAVAILABLE if the store does not answer.
 */
public final class SegmentArchive implements AutoCloseable {
    private static final int SYNC_BYTES = 16;

    private final NodeConfig config;
    private final SegmentStore store;
    private final Segments segments;

    private SegmentArchive(NodeConfig config, SegmentStore store) {
        this.config = config;
        this.store = store;
        this.segments = new Segments(store);
    }

    /**
     * Opens the store that a node of this configuration would publish to.
     *
     * @param config only the settings of segments and the spool are used
     * @return the archive
     * @throws WalException if the store does not exist
     */
    public static SegmentArchive open(NodeConfig config) {
        return new SegmentArchive(config, SegmentStores.reading(config, new SecureRandom()));
    }

    /** Returns the logs that have segments, by name. */
    public List<PChannel> pchannels() {
        try {
            return store.pchannels();
        } catch (IOException e) {
            throw unavailable("list the logs in the segment store", e);
        }
    }

    /** Returns a log's segments, oldest first. Reads their headers. */
    public List<Segment> list(PChannel pchannel) {
        return segments.list(pchannel).stream().map(SegmentFacts::segment).toList();
    }

    /**
     * Reads all of a log's segments and checks the chain, the checksums and every record.
     *
     * @param sound called with each undamaged segment after it was read
     */
    public Verified verify(PChannel pchannel, Consumer<Segment> sound) {
        return SegmentFacts.verified(segments.verify(pchannel, info -> sound.accept(SegmentFacts.segment(info))));
    }

    /**
     * Passes a range of records to a callback. Fails before it would pass a damaged record.
     *
     * @param pchannel the log
     * @param from the LSN of the first record; empty for the oldest
     * @param to the LSN of the last record, inclusive; empty for the newest
     * @param each receives the records in order; an exception that it throws ends the reading
     * @return the number of records
     */
    public long read(PChannel pchannel, OptionalLong from, OptionalLong to, Consumer<LogRecord> each) {
        try (var records = records(pchannel, from, to)) {
            records.forEachRemaining(each);
            return records.nextLsn() - records.firstLsn();
        }
    }

    /** Returns a range of records as an iterator, which the caller closes. */
    public SegmentRecords records(PChannel pchannel, OptionalLong from, OptionalLong to) {
        return new SegmentReading(store).records(pchannel, new LsnRange(from, to));
    }

    /**
     * Writes a range of records to one file in the format of a segment. Deletes the unfinished file after an error.
     *
     * @param pchannel the log
     * @param from as in {@link #read}
     * @param to as in {@link #read}
     * @param deflate whether to compress with deflate, which every Avro library reads, instead of zstd
     * @param target the file, which must not exist; temporary files beside it have names that begin with its name
     * @param each called with each record
     * @return the content of the file
     * @throws IOException if the file cannot be written
     */
    public Segment export(
            PChannel pchannel,
            OptionalLong from,
            OptionalLong to,
            boolean deflate,
            Path target,
            Consumer<LogRecord> each)
            throws IOException {
        var sync = new byte[SYNC_BYTES];
        new SecureRandom().nextBytes(sync);
        var codec = deflate ? SegmentCodec.DEFLATE : SegmentCodec.ZSTANDARD;
        try (var records = records(pchannel, from, to)) {
            return SegmentFacts.segment(SegmentExport.write(records, codec, sync, target, each));
        }
    }

    /** Works like {@link #read} on one file, which may be in any place and have any name. */
    public static long readFile(Path file, OptionalLong from, OptionalLong to, Consumer<LogRecord> each) {
        try (var records = SegmentReading.recordsOf(file, new LsnRange(from, to))) {
            records.forEachRemaining(each);
            return records.nextLsn() - records.firstLsn();
        }
    }

    /**
     * Finds what dead processes left in a local store and in a spool.
     *
     * @param before leaves out files that were written since
     * @param spool the folder of the spools; empty to leave them alone
     * @param delete whether to delete what is found
     * @return what was found
     */
    public List<Swept> sweep(Instant before, Optional<Path> spool, boolean delete) {
        var swept = new ArrayList<Swept>();
        for (var found : leftovers(before, spool)) {
            swept.add(new Swept(Orphan.of(found), delete && deleted(found)));
        }
        return List.copyOf(swept);
    }

    /**
     * An orphan that was found.
     *
     * @param orphan the orphan
     * @param deleted whether it was deleted
     */
    public record Swept(Orphan orphan, boolean deleted) {}

    private List<Leftover> leftovers(Instant before, Optional<Path> spool) {
        try {
            var all = new ArrayList<Leftover>();
            // Objects in a bucket appear completely or not at all, so a put leaves nothing behind.
            if (config.segmentsRoot() instanceof SegmentsRoot.Folder folder) {
                all.addAll(Leftovers.inStore(folder.path(), before));
            }
            if (spool.isPresent()) {
                all.addAll(Leftovers.inSpool(spool.get(), before));
            }
            return all;
        } catch (IOException e) {
            throw unavailable("find left-overs", e);
        }
    }

    private static boolean deleted(Leftover found) {
        try {
            return found.delete();
        } catch (IOException e) {
            throw unavailable("delete " + found.path(), e);
        }
    }

    private static WalException unavailable(String operation, IOException error) {
        return Problem.of(ErrorCode.UNAVAILABLE, operation)
                .found(FutureErrors.text(error))
                .cause(error)
                .exception();
    }

    /** Closes the store. */
    @Override
    public void close() {
        store.close();
    }
}
