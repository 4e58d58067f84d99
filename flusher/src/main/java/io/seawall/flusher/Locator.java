package io.seawall.flusher;

import io.seawall.flusher.segment.SegmentInfo;
import io.seawall.flusher.segment.SegmentKey;
import io.seawall.flusher.store.SegmentFiles;
import io.seawall.flusher.store.SegmentStore;
import io.seawall.flusher.store.StoreException;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.View;
import io.seawall.wal.Wal;
import io.seawall.wal.WalException;
import io.seawall.wal.WalReaders;
import java.io.IOException;
import java.util.Optional;

/**
 * Finds the LSN at which the flushing of a log continues, and rejects segments of another log. Used by one thread at a time.
 */
final class Locator {
    /** A deposed leader may still serve an old tail for a moment. After this many reads the tail counts as true. */
    private static final int TAIL_CHECKS = 5;

    private final Wal wal;
    private final PChannel pchannel;
    private final WalReaders readers;
    private final SegmentStore store;
    private final SegmentFiles files;
    private int tailChecks;

    /**
     * Where flushing continues.
     *
     * @param last the last segment; empty if there is none
     * @param nextLsn where the next segment begins
     * @param oldest where the log began a moment before; above {@code nextLsn} if the records between are in neither
     */
    record Place(Optional<SegmentInfo> last, long nextLsn, long oldest) {
        boolean hasGap() {
            return oldest > nextLsn;
        }
    }

    Locator(Wal wal, FlushTools tools) {
        this.wal = wal;
        this.pchannel = wal.pchannel();
        this.readers = tools.readers();
        this.store = tools.store();
        this.files = new SegmentFiles(store);
    }

    /**
     * Reads the bounds of the log and of the segments; blocks.
     *
     * @throws StoreException if the store does not answer, or its last object is damaged
     * @throws WalException if the log does not answer, or the segments are those of another log
     */
    Place locate() throws StoreException {
        // Read the bounds first: another owner may publish and then trim between the two reads, and that must not count
        // as a gap.
        var bounds = readers.bounds(pchannel, View.COMMITTED);
        var last = last();
        // Even without segments: every chain begins with LSN 0, or two flushers could begin it with different names.
        var nextLsn = last.map(SegmentInfo::nextLsn).orElse(0L);
        if (last.isPresent()) {
            refuseAnotherLog(last.get());
            if (nextLsn > bounds.tail()) {
                checkTail(nextLsn, last.get().key());
            }
        }
        tailChecks = 0;
        return new Place(last, nextLsn, bounds.oldest());
    }

    private Optional<SegmentInfo> last() throws StoreException {
        Optional<SegmentKey> key;
        try {
            key = store.last(pchannel);
        } catch (IOException e) {
            throw new StoreException(SegmentFiles.unavailable(pchannel, "find the last segment of " + pchannel, e));
        }
        return key.isPresent() ? Optional.of(info(key.get())) : Optional.empty();
    }

    /**
     * Reads the header of an object.
     *
     * @throws StoreException that names the object, if it is damaged or cannot be read
     */
    SegmentInfo info(SegmentKey key) throws StoreException {
        try {
            return files.info(key);
        } catch (IOException e) {
            throw new StoreException(files.problem(key, e));
        }
    }

    /**
     * Checks that a segment belongs to the log that is open.
     *
     * @throws WalException with {@link ErrorCode#INTERNAL} if it belongs to another one
     */
    void refuseAnotherLog(SegmentInfo info) {
        if (!info.logId().equals(wal.logId())) {
            throw Problem.of(ErrorCode.INTERNAL, "flush " + pchannel + " after the existing segments")
                    .pchannel(pchannel)
                    .found("the log " + wal.logId() + ", and segments of the log " + info.logId())
                    .expected("segments of the log that is open")
                    .fix("the topic was deleted and created again; move the folder " + folder(info.key()) + " away")
                    .exception();
        }
    }

    /**
     * Reads the tail again: the tail read before the segments' end may be older than it, but a tail read afterwards must not be
     * lower.
     */
    private void checkTail(long nextLsn, SegmentKey last) {
        var tail = readers.bounds(pchannel, View.COMMITTED).tail();
        if (nextLsn <= tail) {
            return;
        }
        tailChecks++;
        throw Problem.of(
                        tailChecks < TAIL_CHECKS ? ErrorCode.UNAVAILABLE : ErrorCode.DATA_LOSS,
                        "flush " + pchannel + " after its segments")
                .pchannel(pchannel)
                .found("segments up to LSN " + (nextLsn - 1) + " and a log that ends before LSN " + tail)
                .expected("a log that holds what was flushed from it")
                .fix("Kafka lost records that it had committed; they are in " + folder(last)
                        + ", from where the log can be restored")
                .with("tail", tail)
                .exception();
    }

    private String folder(SegmentKey key) {
        var object = store.describe(key);
        var end = object.length() - key.fileName().length() - 1;
        return object.endsWith(key.fileName()) && end > 0 ? object.substring(0, end) : "of " + object;
    }
}
