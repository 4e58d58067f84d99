package io.seawall.flusher.store;

import io.seawall.flusher.segment.MalformedSegmentException;
import io.seawall.flusher.segment.SegmentInfo;
import io.seawall.flusher.segment.SegmentKey;
import io.seawall.flusher.store.VerifyReport.BadSegment;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Lists, verifies and deletes the segments of logs in a store. Thread-safe, usable on any node; every call blocks and reads the
 * store again.
 */
public final class Segments {
    private final SegmentStore store;
    private final SegmentFiles files;

    /**
     * Reads from a store.
     *
     * @param store the store; the caller closes it
     */
    public Segments(SegmentStore store) {
        this.store = store;
        this.files = new SegmentFiles(store);
    }

    /**
     * Lists a log's segments; reads only the header of each.
     *
     * @param pchannel the log
     * @return the segments by first LSN, ascending
     * @throws io.seawall.wal.OperatorException with {@link io.seawall.wal.ErrorCode#DATA_LOSS} that names an object with a
     *     damaged header or of the wrong length
     * @throws io.seawall.wal.RetryableException if the store does not answer
     */
    public List<SegmentInfo> list(PChannel pchannel) {
        var infos = new ArrayList<SegmentInfo>();
        for (var key : keys(pchannel)) {
            try {
                infos.add(files.info(key));
            } catch (IOException e) {
                throw files.problem(key, e);
            }
        }
        return List.copyOf(infos);
    }

    /**
     * Returns how far a log's segments reach; reads the header of the last one.
     *
     * @param pchannel the log
     * @return the LSN after the last segment; empty if there is none
     * @throws io.seawall.wal.OperatorException with {@link io.seawall.wal.ErrorCode#DATA_LOSS} that names an object with a
     *     damaged header or of the wrong length
     * @throws io.seawall.wal.RetryableException if the store does not answer
     */
    public OptionalLong end(PChannel pchannel) {
        Optional<SegmentKey> last;
        try {
            last = store.last(pchannel);
        } catch (IOException e) {
            throw SegmentFiles.unavailable(pchannel, "find the last segment of " + pchannel, e);
        }
        if (last.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(files.info(last.get()).nextLsn());
        } catch (IOException e) {
            throw files.problem(last.get(), e);
        }
    }

    /**
     * Reads every record of every segment and checks that each object matches its header, and that the segments follow each
     * other without gap or overlap. Missing segments at either end cannot be detected: compare {@link VerifyReport#firstLsn}
     * and {@link VerifyReport#nextLsn} with the expected values.
     *
     * @param pchannel the log
     * @return the result; a damaged object is part of the report and does not end it
     * @throws io.seawall.wal.RetryableException if the store does not answer
     */
    public VerifyReport verify(PChannel pchannel) {
        return verify(pchannel, segment -> {});
    }

    /**
     * Verifies a log's segments and reports progress.
     *
     * @param pchannel the log
     * @param sound called for each undamaged segment after it was read
     * @return as {@link #verify(PChannel)}
     */
    public VerifyReport verify(PChannel pchannel, Consumer<SegmentInfo> sound) {
        var bad = new ArrayList<BadSegment>();
        var gaps = new ArrayList<SegmentInfo>();
        var first = OptionalLong.empty();
        var next = OptionalLong.empty();
        var records = 0L;
        var keys = keys(pchannel);
        for (var key : keys) {
            if (next.isPresent() && next.getAsLong() != key.firstLsn()) {
                bad.add(new BadSegment(store.describe(key), chainProblem(key, next.getAsLong())));
            }
            first = first.isPresent() ? first : OptionalLong.of(key.firstLsn());
            // The end of a damaged segment is unknown, so the chain starts again after it.
            next = OptionalLong.empty();
            try {
                var info = files.verified(key);
                sound.accept(info);
                next = OptionalLong.of(info.nextLsn());
                records += info.recordCount();
                if (info.isGap()) {
                    gaps.add(info);
                }
            } catch (MalformedSegmentException e) {
                bad.add(new BadSegment(store.describe(key), e.problem()));
            } catch (IOException e) {
                throw files.problem(key, e);
            }
        }
        return new VerifyReport(pchannel, keys.size(), records, first, next, gaps, bad);
    }

    /**
     * Lists the logs that have segments.
     *
     * @return the logs by name, ascending
     * @throws io.seawall.wal.RetryableException if the store does not answer
     */
    public List<PChannel> pchannels() {
        try {
            return store.pchannels();
        } catch (IOException e) {
            throw Problem.of(ErrorCode.UNAVAILABLE, "list the logs that have segments")
                    .found(FutureErrors.text(e))
                    .cause(e)
                    .exception();
        }
    }

    /**
     * Deletes all segments of a log, the newest first, so that an error leaves a chain from its beginning. For a log that is
     * gone: no flusher may flush it any more.
     *
     * @param pchannel the log
     * @return the number of segments
     * @throws io.seawall.wal.RetryableException if the store does not answer; some may be deleted then
     */
    public int delete(PChannel pchannel) {
        var keys = keys(pchannel);
        for (var i = keys.size() - 1; i >= 0; i--) {
            try {
                store.delete(keys.get(i));
            } catch (IOException e) {
                throw SegmentFiles.unavailable(pchannel, "delete the segment " + store.describe(keys.get(i)), e);
            }
        }
        return keys.size();
    }

    private static String chainProblem(SegmentKey key, long expected) {
        return key.firstLsn() > expected
                ? "LSNs " + expected + " to " + (key.firstLsn() - 1) + " are missing before it: found no "
                        + new SegmentKey(key.pchannel(), expected)
                : "it begins with LSN " + key.firstLsn() + ", but the segment before it goes up to " + (expected - 1);
    }

    private List<SegmentKey> keys(PChannel pchannel) {
        try {
            return store.list(pchannel, -1);
        } catch (IOException e) {
            throw SegmentFiles.unavailable(pchannel, "list the segments of " + pchannel, e);
        }
    }
}
