package io.seawall.node.http;

import java.time.Duration;

/** The bounds of the HTTP layer, and what happens when one is reached. */
final class HttpLimits {
    /** The largest body; above it 413. */
    static final int BODY_BYTES = 32 << 20;

    /** All bodies that are held at one moment; above it 503. */
    static final long ALL_BODIES_BYTES = 256L << 20;

    /** The largest body of a request that is not an append; above it 413. */
    static final int SMALL_BODY_BYTES = 64 << 10;

    /** Request line and headers; above it 431 or 414. */
    static final int HEADER_BYTES = 16 << 10;

    /** Connections; above it new ones wait to be accepted. */
    static final int CONNECTIONS = 1024;

    /** How long a connection may stand still while it is read or written; then it is closed. */
    static final Duration IDLE = Duration.ofSeconds(60);

    /** Records of one batch; above it 413. */
    static final int BATCH_RECORDS = 1_000;

    /** Reads and administration at one moment; beyond them and the queue 503. */
    static final int WORK_THREADS = 16;

    static final int WORK_QUEUE = 64;

    /** Long polls, NDJSON and SSE readers, and verifications at one moment; above it 503. */
    static final int STREAM_THREADS = 64;

    /** Readers kept open for the next page; beyond them the oldest is closed. */
    static final int IDLE_READERS = 32;

    /** How long a reader is kept for the next page. */
    static final Duration IDLE_READER = Duration.ofSeconds(5);

    static final int PAGE_RECORDS = 10_000;
    static final int PAGE_BYTES = 16 << 20;
    static final int WAIT_MS = 60_000;

    /** How long a flush is waited for; then 503, and the flush goes on. */
    static final Duration FLUSH = Duration.ofMinutes(2);

    private HttpLimits() {}
}
