package io.seawall.flusher;

import io.seawall.flusher.segment.SegmentInfo;
import io.seawall.flusher.store.SegmentStore;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import java.time.Duration;

/** Receives what a flusher does, for metrics. Called on the flusher's threads; must not block or throw. */
public interface FlusherEvents {
    /** Ignores all events. */
    FlusherEvents NONE = new FlusherEvents() {};

    /**
     * A segment was put into the store.
     *
     * @param pchannel its log
     * @param result whether it was this flusher's segment
     * @param segment the segment that is in the store now
     * @param took the duration of the put alone
     */
    default void put(PChannel pchannel, SegmentStore.PutResult result, SegmentInfo segment, Duration took) {}

    /**
     * An attempt failed and will be repeated, or flushing stopped.
     *
     * @param pchannel the log
     * @param code the code of the failure
     */
    default void failed(PChannel pchannel, ErrorCode code) {}

    /**
     * The log was trimmed up to its segments, or trimming failed.
     *
     * @param pchannel the log
     * @param done whether it was trimmed
     */
    default void trimmed(PChannel pchannel, boolean done) {}
}
