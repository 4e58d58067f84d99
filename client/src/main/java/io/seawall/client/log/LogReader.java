package io.seawall.client.log;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/**
 * Reads one log in order and without a gap, across owners, cut connections and restarts of nodes. A reader checks that LSNs
 * follow each other and fails with {@link Codes#DATA_LOSS} if they do not.
 *
 * <p>Use one of {@link #poll}, {@link #iterator} and {@link #publisher}; the second kind throws {@link IllegalStateException}.
 * {@code poll} and the iterator are for one thread at a time; {@code close} may be called from any.
 */
public interface LogReader extends Iterable<LogRecord>, AutoCloseable {
    /** Returns the log. */
    String pchannel();

    /**
     * Returns the LSN of the first record that this reader gives, once a node has answered. Wait for it after a start at the
     * tail to be sure that later appends are read.
     */
    CompletableFuture<Long> start();

    /**
     * Waits for records.
     *
     * @param atMost how long to wait
     * @return the next records in order; empty if none came in time, or at the end ({@link #isEnded})
     * @throws SeawallException if the reader has failed, after all records before the error
     */
    List<LogRecord> poll(Duration atMost);

    /** Returns whether a reader with {@link ReaderOptions#untilTail} has given everything. */
    boolean isEnded();

    /** Returns the LSN to read on from after the records that were given; -1 if the start is not known yet. */
    long next();

    /** Returns the LSN after the last record of the log, as far as the last message said; -1 before the first one. */
    long tail();

    /** Returns the records as a publisher for one subscriber, called on the client's callback thread. */
    Flow.Publisher<LogRecord> publisher();

    /** Ends the reader. A thread in {@code poll} returns. */
    @Override
    void close();
}
