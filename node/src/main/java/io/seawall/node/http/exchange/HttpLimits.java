package io.seawall.node.http.exchange;

import java.time.Duration;

/** The limits of the HTTP layer, and what happens when one is reached. */
public final class HttpLimits {
    /** The size of the largest body, unpacked; 413 above it. */
    public static final int BODY_BYTES = 32 << 20;

    /** The size of all bodies that are held at the same time, packed ones and what they unpack to; 503 above it. */
    public static final long ALL_BODIES_BYTES = 256L << 20;

    /** The size of the largest body of a request that is not an append; 413 above it. */
    public static final int SMALL_BODY_BYTES = 64 << 10;

    /** The size of request line and headers; 431 or 414 above it. */
    public static final int HEADER_BYTES = 16 << 10;

    /**
     * Connections that Jetty accepts beyond those that {@code ConnectionGate} keeps. At this limit Jetty stops accepting,
     * and closes connections above it.
     */
    public static final int CLOSING_CONNECTIONS = 256;

    /** How long a read or write on a connection may stall; then the connection is closed. */
    public static final Duration IDLE = Duration.ofSeconds(60);

    /** The size of one line of an append stream; 413 above it. */
    public static final int LINE_BYTES = BODY_BYTES;

    /** Append streams at the same time; 503 above it. */
    public static final int APPEND_STREAMS = 256;

    /** Reads and administrative requests at the same time; 503 when the queue is full too. */
    public static final int WORK_THREADS = 16;

    public static final int WORK_QUEUE = 64;

    /** Long polls, NDJSON and SSE readers, and verifications at the same time; 503 above it. */
    public static final int STREAM_THREADS = 64;

    /** Readers that are kept open for the next page; above it the oldest is closed. */
    public static final int IDLE_READERS = 32;

    /** How long a reader is kept open for the next page. */
    public static final Duration IDLE_READER = Duration.ofSeconds(5);

    public static final int PAGE_RECORDS = 10_000;
    public static final int PAGE_BYTES = 16 << 20;
    public static final int WAIT_MS = 60_000;

    /** How long a request waits for a flush; then 503, and the flush continues. */
    public static final Duration FLUSH = Duration.ofMinutes(2);

    /** How long a browser caches which requests pages of an allowed site may send. */
    public static final Duration PREFLIGHT = Duration.ofMinutes(10);

    private HttpLimits() {}
}
