package io.seawall.flusher;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import java.time.Duration;

/** Told of what a flusher does, to be counted. Called on the flusher's threads, which it must not block; throws nothing. */
public interface FlusherEvents {
    /** Nobody counts. */
    FlusherEvents NONE = new FlusherEvents() {};

    /**
     * A segment was put into the store.
     *
     * @param pchannel its log
     * @param result whether it was ours
     * @param segment what is in the store now
     * @param took the put alone
     */
    default void put(PChannel pchannel, SegmentStore.PutResult result, SegmentInfo segment, Duration took) {}

    /**
     * An attempt failed and will be repeated, or flushing stopped.
     *
     * @param pchannel the log
     * @param code why
     */
    default void failed(PChannel pchannel, ErrorCode code) {}

    /**
     * The log was trimmed behind its segments, or could not be.
     *
     * @param pchannel the log
     * @param done whether it was
     */
    default void trimmed(PChannel pchannel, boolean done) {}
}
