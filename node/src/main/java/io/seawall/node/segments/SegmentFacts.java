package io.seawall.node.segments;

import io.seawall.flusher.segment.SegmentInfo;
import io.seawall.flusher.store.VerifyReport;
import io.seawall.node.ports.Flushes.Range;
import io.seawall.node.ports.Flushes.Segment;
import io.seawall.node.ports.Flushes.Verified;

/** Converts what is known of segments to the types that HTTP and the commands share. */
public final class SegmentFacts {
    private static final int MOST_ERRORS = 100;

    private SegmentFacts() {}

    /** Converts a segment's header. */
    public static Segment segment(SegmentInfo info) {
        return new Segment(
                info.key().path(),
                info.isGap(),
                info.firstLsn(),
                info.lastLsn(),
                info.recordCount(),
                info.fileBytes(),
                range(info.terms()),
                range(info.timestampsMs()),
                info.logId());
    }

    private static Range range(SegmentInfo.Range range) {
        return new Range(range.min(), range.max());
    }

    /** Converts the result of a verification; keeps the first 100 errors. */
    public static Verified verified(VerifyReport report) {
        var errors = report.bad().stream()
                .limit(MOST_ERRORS)
                .map(bad -> bad.object() + ": " + bad.problem())
                .toList();
        var gaps = report.gaps().stream()
                .map(gap -> new Range(gap.firstLsn(), gap.lastLsn()))
                .toList();
        return new Verified(
                report.segments(), report.records(), report.nextLsn().orElse(0), gaps, errors);
    }
}
