package io.seawall.flusher;

import io.seawall.flusher.segment.SegmentFormat;
import io.seawall.flusher.segment.SegmentInfo;
import io.seawall.flusher.segment.SegmentKey;
import io.seawall.flusher.store.SegmentFiles;
import io.seawall.flusher.store.SegmentStore;
import io.seawall.flusher.store.StoreException;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import java.io.IOException;
import java.util.List;

/**
 * Checks, before records are deleted from the log, that the segments that hold them exist and are what was published. Used by
 * one thread at a time; every call blocks.
 */
final class ReadBack {
    /** How many headers are read for one trim; the next trim reads the others. */
    private static final int MOST = 64;

    private static final long FIRST_STRIDE = 100_000;

    private final PChannel pchannel;
    private final SegmentStore store;
    private final Locator locator;
    private final SegmentHistory history;

    ReadBack(PChannel pchannel, SegmentStore store, Locator locator, SegmentHistory history) {
        this.pchannel = pchannel;
        this.store = store;
        this.locator = locator;
        this.history = history;
    }

    /**
     * Reads the headers of the segments from one LSN to another.
     *
     * @param from inclusive
     * @param to exclusive; a segment ends there
     * @return how far it checked: a segment ends there, above {@code from} and not above {@code to}
     * @throws StoreException that names the object which is missing, damaged, or not what was published
     */
    long checked(long from, long to) throws StoreException {
        var next = from;
        var read = 0;
        for (var key : keysFrom(from)) {
            if (key.firstLsn() >= to || read >= MOST) {
                break;
            }
            if (read == 0 ? key.firstLsn() > from : key.firstLsn() != next) {
                break; // missing
            }
            var info = locator.info(key);
            locator.refuseAnotherLog(info);
            var known = history.known(key);
            if (known.isPresent() && !known.get().equals(info)) {
                throw changed(known.get(), info);
            }
            next = info.nextLsn();
            read++;
        }
        if (next < to && read < MOST) {
            throw missing(next);
        }
        return Math.min(next, to);
    }

    /** Returns the segments from the one that holds an LSN on; empty if there is none. */
    List<SegmentKey> keysFrom(long lsn) throws StoreException {
        var known = history.startAtOrBelow(lsn);
        var stride = FIRST_STRIDE;
        var above = known.isPresent() ? known.getAsLong() - 1 : Math.max(-1, lsn - stride);
        while (true) {
            var keys = list(above);
            var begin = -1;
            while (begin + 1 < keys.size() && keys.get(begin + 1).firstLsn() <= lsn) {
                begin++;
            }
            if (begin >= 0 || above < 0) {
                return keys.subList(Math.max(0, begin), keys.size());
            }
            stride *= 10;
            above = Math.max(-1, lsn - stride);
        }
    }

    private List<SegmentKey> list(long above) throws StoreException {
        try {
            return store.list(pchannel, above);
        } catch (IOException e) {
            throw new StoreException(SegmentFiles.unavailable(pchannel, "list the segments of " + pchannel, e));
        }
    }

    private StoreException changed(SegmentInfo published, SegmentInfo found) {
        return new StoreException(
                Problem.of(ErrorCode.DATA_LOSS, "trim " + pchannel + " up to " + store.describe(found.key()))
                        .pchannel(pchannel)
                        .found("an object up to LSN " + found.lastLsn() + ", " + found.fileBytes() + " bytes, CRC-32C "
                                + SegmentFormat.crcText(found.blocks().crc32c()))
                        .expected("the object that was published: up to LSN " + published.lastLsn() + ", "
                                + published.fileBytes()
                                + " bytes, CRC-32C "
                                + SegmentFormat.crcText(published.blocks().crc32c()))
                        .fix("restore the object; nothing is trimmed until then")
                        .exception());
    }

    private StoreException missing(long lsn) {
        return new StoreException(Problem.of(ErrorCode.DATA_LOSS, "trim " + pchannel)
                .pchannel(pchannel)
                .found("no segment that holds LSN " + lsn)
                .expected("one, such as " + store.describe(new SegmentKey(pchannel, lsn)))
                .fix("restore the object; nothing is trimmed until then")
                .exception());
    }
}
