package io.seawall.walkafka;

import io.seawall.wal.WalException;
import io.seawall.walkafka.port.OffsetGoneException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Where a reader gets its records from: a consumer of its own, or one that it shares. One thread at a time but for close. */
interface Feed extends AutoCloseable {
    /**
     * The next records.
     *
     * @param wait how long to wait for the first one; a feed may come back earlier
     * @return the records, none if none came; null if this feed has left its reader behind, who goes on from
     *     {@link #here} with another one
     * @throws WalException what ends the reader, or what is wrong for the moment
     * @throws OffsetGoneException if the next record is not in the partition any more
     */
    @Nullable
    Chunk take(Duration wait);

    /** The place behind what was taken last. */
    LogPoint here();

    /** Whether everything below an offset was looked at, and what it held was taken. */
    boolean isAt(long end);

    /** Lets go of it without waiting; may come from any thread. */
    @Override
    void close();
}
