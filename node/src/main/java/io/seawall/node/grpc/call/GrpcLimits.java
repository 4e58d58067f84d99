package io.seawall.node.grpc.call;

import java.time.Duration;

/** The fixed limits of the gRPC layer, and what happens when one is reached. Those that can be set are in the configuration. */
public final class GrpcLimits {
    /** The largest message of a client: 32 MiB of records, as in HTTP, and room for their framing; TOO_LARGE above it. */
    public static final int MESSAGE_BYTES = (32 << 20) + (64 << 10);

    /** The largest message of a client in a call that is not an append; TOO_LARGE above it. */
    public static final int SMALL_MESSAGE_BYTES = 64 << 10;

    /** The size of all headers of a call; gRPC refuses more. */
    public static final int HEADER_BYTES = 16 << 10;

    /** Calls of one connection at the same time; the client's library waits above it. */
    public static final int CALLS_OF_CONNECTION = 256;

    /** The bytes of a call that HTTP/2 takes from the network although nobody has asked for them yet. */
    public static final int FLOW_WINDOW_BYTES = 256 << 10;

    /** The bytes of the batches of one call that have no answer; the server stops reading from the call above it. */
    public static final long CALL_WINDOW_BYTES = 8L << 20;

    /** The batches of one call whose answer is not sent; the server stops reading from the call above it. */
    public static final int CALL_BATCHES = 1_024;

    /** What a call takes from the budget while it waits for a message. */
    public static final int RESERVE_BYTES = 64 << 10;

    /** What a reader may have given to gRPC before it waits for its client. */
    public static final int READ_AHEAD_BYTES = 256 << 10;

    /** The bytes of records in one message of a read, if the client does not ask for another number. */
    public static final int READ_BATCH_BYTES = 256 << 10;

    /** The most that a client may ask for. */
    public static final int MOST_READ_BATCH_BYTES = 4 << 20;

    /** The records in one message of a read. */
    public static final int READ_BATCH_RECORDS = 5_000;

    /** How long a reader's client may take nothing; then the call ends with OVERLOADED. */
    public static final Duration STALL = Duration.ofSeconds(60);

    /** Calls that block for a moment: descriptions, topics; OVERLOADED when the queue is full too. */
    public static final int WORK_THREADS = 16;

    public static final int WORK_QUEUE = 64;

    /** How long a call waits for a flush; then UNAVAILABLE, and the flush continues. */
    public static final Duration FLUSH = Duration.ofMinutes(2);

    /** How long a call waits for an assignment by default, and at most. */
    public static final Duration ASSIGNMENT = Duration.ofSeconds(30);

    public static final Duration MOST_ASSIGNMENT = Duration.ofSeconds(60);

    /** A connection without calls is closed after this time. */
    public static final Duration IDLE = Duration.ofMinutes(10);

    /** How long a new connection may take until it speaks HTTP/2. */
    public static final Duration HANDSHAKE = Duration.ofSeconds(10);

    /** The server asks a silent client for a sign of life after this time, and closes the connection after the next. */
    public static final Duration KEEPALIVE = Duration.ofSeconds(30);

    public static final Duration KEEPALIVE_ANSWER = Duration.ofSeconds(10);

    /** How often a client may ask; gRPC closes the connection of one that asks more often. */
    public static final Duration CLIENT_KEEPALIVE = Duration.ofSeconds(10);

    /** Calls that a client may cancel within 30 seconds on one connection; gRPC closes the connection above it. */
    public static final int CANCELLED_CALLS = 3_000;

    public static final Duration CANCELLED_CALLS_WITHIN = Duration.ofSeconds(30);

    /** How long a stop waits for the answers to batches that are in flight. */
    public static final Duration STOP = Duration.ofSeconds(3);

    private GrpcLimits() {}
}
