package io.seawall.node.segments;

import io.seawall.flusher.Leftovers;
import io.seawall.flusher.Leftovers.Leftover;
import io.seawall.flusher.LsnRange;
import io.seawall.flusher.SegmentCodec;
import io.seawall.flusher.SegmentExport;
import io.seawall.flusher.SegmentReading;
import io.seawall.flusher.SegmentRecords;
import io.seawall.flusher.SegmentStore;
import io.seawall.flusher.Segments;
import io.seawall.node.config.NodeConfig;
import io.seawall.node.config.SegmentsRoot;
import io.seawall.node.ports.Flushes.Segment;
import io.seawall.node.ports.Flushes.Verified;
import io.seawall.wal.ErrorCode;
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
 * A segment store as an operator works on it, without a node. It is only read; {@link #sweep} alone deletes, and never a
 * segment. A failure is a {@link WalException}: NOT_FOUND, TRIMMED or BEYOND_TAIL for what is not there, DATA_LOSS for what is
 * damaged, UNAVAILABLE if the store does not answer.
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
     * @param config of it only what concerns segments and the spool is looked at
     * @return the archive
     * @throws WalException if the store is not there
     */
    public static SegmentArchive open(NodeConfig config) {
        return new SegmentArchive(config, SegmentStores.reading(config, new SecureRandom()));
    }

    /** The logs that have segments, by name. */
    public List<PChannel> pchannels() {
        try {
            return store.pchannels();
        } catch (IOException e) {
            throw unavailable("list the logs in the segment store", e);
        }
    }

    /** A log's segments, oldest first; reads their headers. */
    public List<Segment> list(PChannel pchannel) {
        return segments.list(pchannel).stream().map(SegmentFacts::segment).toList();
    }

    /**
     * Reads all of a log's segments and checks the chain, the checksums and every record.
     *
     * @param sound told of each undamaged segment once it was read
     */
    public Verified verify(PChannel pchannel, Consumer<Segment> sound) {
        return SegmentFacts.verified(segments.verify(pchannel, info -> sound.accept(SegmentFacts.segment(info))));
    }

    /**
     * Hands out a range of records: all of them, or an error before the first damaged one.
     *
     * @param pchannel the log
     * @param from the LSN of the first one; empty for the oldest
     * @param to the LSN of the last one, inclusive; empty for the newest
     * @param each gets them in order; what it throws ends the reading
     * @return how many they were
     */
    public long read(PChannel pchannel, OptionalLong from, OptionalLong to, Consumer<LogRecord> each) {
        try (var records = records(pchannel, from, to)) {
            records.forEachRemaining(each);
            return records.nextLsn() - records.firstLsn();
        }
    }

    /** The same to be taken one by one, to be closed by the caller. */
    public SegmentRecords records(PChannel pchannel, OptionalLong from, OptionalLong to) {
        return new SegmentReading(store).records(pchannel, new LsnRange(from, to));
    }

    /**
     * Writes a range of records as one file of the form of a segment. What is left of it after an error is removed.
     *
     * @param pchannel the log
     * @param from as in {@link #read}
     * @param to as in {@link #read}
     * @param deflate whether to compress with deflate, which every Avro library reads, and not with zstd
     * @param target where; must not exist. Beside it, names that begin with its name are used
     * @param each told of each record
     * @return what is in the file
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

    /** As {@link #read}, from one file that may be anywhere and have any name. */
    public static long readFile(Path file, OptionalLong from, OptionalLong to, Consumer<LogRecord> each) {
        try (var records = SegmentReading.recordsOf(file, new LsnRange(from, to))) {
            records.forEachRemaining(each);
            return records.nextLsn() - records.firstLsn();
        }
    }

    /**
     * Finds what dead processes left in a local store and in a spool.
     *
     * @param before only what was not written since
     * @param spool the folder of the spools; empty to leave them alone
     * @param delete whether to delete it
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
     * What became of an orphan.
     *
     * @param orphan what was found
     * @param deleted whether it is gone
     */
    public record Swept(Orphan orphan, boolean deleted) {}

    private List<Leftover> leftovers(Instant before, Optional<Path> spool) {
        try {
            var all = new ArrayList<Leftover>();
            // Objects in a bucket appear whole or not at all: there is nothing that a put could leave.
            if (config.segmentsRoot() instanceof SegmentsRoot.Folder folder) {
                all.addAll(Leftovers.inStore(folder.path(), before));
            }
            if (spool.isPresent()) {
                all.addAll(Leftovers.inSpool(spool.get(), before));
            }
            return all;
        } catch (IOException e) {
            throw unavailable("look for left-overs", e);
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
                .found(error.toString())
                .cause(error)
                .exception();
    }

    /** Lets go of the store. */
    @Override
    public void close() {
        store.close();
    }
}
