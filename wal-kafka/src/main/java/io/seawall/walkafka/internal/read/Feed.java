package io.seawall.walkafka.internal.read;

import io.seawall.wal.WalException;
import io.seawall.walkafka.internal.format.LogPoint;
import io.seawall.walkafka.port.OffsetGoneException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The source of a reader's records: a consumer of its own, or a shared one. Used by one thread at a time; {@link #close} may come
 * from any thread.
 */
interface Feed extends AutoCloseable {
    /**
     * Takes the next records.
     *
     * @param wait how long to wait for the first one; a feed may return earlier
     * @return the records, empty if none came; null if this feed has dropped records that the reader still needs: the reader then
     *     continues from {@link #here} with another feed
     * @throws WalException if the reader has to end, or if the read failed for now and can be retried
     * @throws OffsetGoneException if the next record is no longer in the partition
     */
    @Nullable
    Chunk take(Duration wait);

    /** Returns the point after the last record that was taken. */
    LogPoint here();

    /** Returns whether all records below an offset were read and taken. */
    boolean isAt(long end);

    /** Releases the feed without waiting. Thread-safe. */
    @Override
    void close();
}
