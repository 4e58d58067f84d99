package io.seawall.flusher.store;

import io.seawall.flusher.segment.SegmentInfo;
import io.seawall.wal.PChannel;
import java.util.List;
import java.util.OptionalLong;

/**
 * The result of {@link Segments#verify}.
 *
 * @param pchannel the log
 * @param segments how many objects were read, damaged ones included
 * @param records how many records the undamaged ones hold
 * @param firstLsn where the first segment begins; empty if there is none
 * @param nextLsn the LSN after the last segment; empty if there is none or the last one is damaged
 * @param gaps the segments without records, in order: LSNs that were trimmed before they were flushed; these are not errors
 * @param bad what is wrong, in the order of the segments; empty if nothing is
 */
public record VerifyReport(
        PChannel pchannel,
        int segments,
        long records,
        OptionalLong firstLsn,
        OptionalLong nextLsn,
        List<SegmentInfo> gaps,
        List<BadSegment> bad) {

    /** Takes unchangeable copies of the lists. */
    public VerifyReport {
        gaps = List.copyOf(gaps);
        bad = List.copyOf(bad);
    }

    /** Returns whether every object is undamaged and every LSN between first and next is in one of them. */
    public boolean ok() {
        return bad.isEmpty();
    }

    /**
     * A damaged or misplaced object.
     *
     * @param object its location, as the store describes it
     * @param problem what is wrong with it
     */
    public record BadSegment(String object, String problem) {}
}
