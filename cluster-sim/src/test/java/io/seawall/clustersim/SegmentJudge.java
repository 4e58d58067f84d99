package io.seawall.clustersim;

import io.seawall.flusher.segment.LsnRange;
import io.seawall.flusher.segment.SegmentInfo;
import io.seawall.flusher.segment.SegmentKey;
import io.seawall.flusher.store.SegmentFiles;
import io.seawall.flusher.store.SegmentReading;
import io.seawall.flusher.store.SegmentStore.PutResult;
import io.seawall.wal.LogRecord;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import java.io.IOException;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Judges the segments as they appear in the store, from any flusher and however late: those of a log follow each other, and each
 * record is the committed one of its LSN. Nothing leaves Kafka that is not in a segment.
 */
final class SegmentJudge {
    private final World world;
    private final SegmentFiles files;
    private final SegmentReading reading;
    private final Map<PChannel, Long> ends = new TreeMap<>();

    SegmentJudge(World world, SimStore store) {
        this.world = world;
        this.files = new SegmentFiles(store);
        this.reading = new SegmentReading(store);
    }

    /** Returns the LSN after the last segment of a log. */
    long end(PChannel pchannel) {
        return ends.getOrDefault(pchannel, 0L);
    }

    /** A put arrived at the store. */
    void onPut(SimMember by, SegmentKey key, PutResult result) {
        var former = !world.judge().isLastOpenedBy(key.pchannel(), by.self());
        world.tell(() -> "a put of " + by.self() + (former ? ", a former owner, of " : " of ") + key + ": " + result);
        if (result == PutResult.EXISTS) {
            world.count(former ? "puts of a former owner that found a segment" : "puts that found a segment");
            return;
        }
        world.count(former ? "segments of a former owner" : "segments");
        try {
            onSegment(by, files.verified(key));
        } catch (IOException | WalException damaged) {
            world.violated("segments: " + key + " of " + by.self() + " cannot be read: " + damaged.getMessage());
        }
    }

    private void onSegment(SimMember by, SegmentInfo segment) {
        var pchannel = segment.key().pchannel();
        var end = end(pchannel);
        world.check(
                segment.firstLsn() == end,
                () -> "segments: " + by.self() + " puts LSNs " + segment.firstLsn() + " to " + segment.lastLsn()
                        + " of " + pchannel + ", where LSN " + end + " is next");
        // No person trims here.
        world.check(!segment.isGap(), () -> "segments: " + by.self() + " puts a gap: " + segment);
        ends.put(pchannel, segment.nextLsn());
        if (world.isSound()) {
            judgeRecords(pchannel, segment.firstLsn(), segment.lastLsn());
        }
    }

    private void judgeRecords(PChannel pchannel, long first, long last) {
        var truth = logOf(pchannel);
        var range = new LsnRange(OptionalLong.of(first), OptionalLong.of(last));
        try (var records = reading.records(pchannel, range)) {
            var next = first;
            while (records.hasNext()) {
                judge(truth, next, records.next());
                next++;
            }
            var end = next;
            world.check(end == last + 1, () -> "segments: those of " + pchannel + " hold nothing from LSN " + end);
        }
    }

    private LogTruth logOf(PChannel pchannel) {
        var truth = world.logs().get(pchannel);
        if (truth == null) {
            throw new IllegalStateException("a segment of a log that there is not: " + pchannel);
        }
        truth.log().catchUp();
        return truth;
    }

    private void judge(LogTruth truth, long lsn, LogRecord record) {
        var committed = truth.log().committedTail();
        world.check(
                record.lsn() == lsn && lsn < committed,
                () -> "segments: " + record + " is in a segment as LSN " + lsn + ", and the log is committed up to "
                        + committed);
        if (lsn < committed) {
            var entry = truth.log().live().get((int) lsn);
            world.check(
                    entry.data().equals(record.data())
                            && entry.timestampMs() == record.timestampMs()
                            && entry.term() == record.term(),
                    () -> "segments: LSN " + lsn + " is " + entry + " in the log, and " + record + " in a segment");
        }
    }

    /** A request to delete everything below an offset is about to be sent. */
    void onTrim(SimMember by, PChannel pchannel, long offset) {
        var oldest = logOf(pchannel).log().lsnAt(offset);
        world.tell(() -> by.self() + " trims " + pchannel + " up to LSN " + oldest);
        check(pchannel, oldest);
    }

    /** Checks what every log has lost so far. */
    void checkTrims() {
        world.logs()
                .forEach((pchannel, truth) ->
                        check(pchannel, truth.log().lsnAt(truth.partition().start())));
    }

    private void check(PChannel pchannel, long oldest) {
        world.check(
                oldest <= end(pchannel),
                () -> "segments: " + pchannel + " is trimmed up to LSN " + oldest + ", and its segments end at "
                        + end(pchannel));
    }

    /** Reads all segments of a log again: objects do not change. */
    void judgeTheEnd(PChannel pchannel) {
        if (end(pchannel) > 0) {
            judgeRecords(pchannel, 0, end(pchannel) - 1);
        }
    }

    /** Returns how far the segments of a log reach, for messages. */
    String progress(PChannel pchannel) {
        return "segments of " + pchannel + " end at " + end(pchannel) + " of "
                + logOf(pchannel).log().live().size();
    }

    /** Returns whether all that is in a log is in segments. */
    boolean isFlushed(PChannel pchannel) {
        var log = logOf(pchannel).log();
        return end(pchannel) == log.committedTail()
                && log.committedTail() == log.live().size();
    }
}
