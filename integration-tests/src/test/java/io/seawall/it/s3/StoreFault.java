package io.seawall.it.s3;

import java.time.Duration;

/** What can go wrong with one request to a store. */
public sealed interface StoreFault {
    /**
     * The store refuses: the request is read and not forwarded.
     *
     * @param status of HTTP
     * @param code as S3 names it, such as {@code SlowDown}
     */
    record Answer(int status, String code) implements StoreFault {}

    /** The store does what it was asked, and the connection breaks before the answer: the lost answer after success. */
    record LoseAnswer() implements StoreFault {}

    /**
     * The connection breaks within the answer.
     *
     * @param afterBytes how much of the body arrives
     */
    record CutAnswer(long afterBytes) implements StoreFault {}

    /**
     * The connection breaks within the request, on both sides.
     *
     * @param afterBytes how much of the body reaches the store
     */
    record CutRequest(long afterBytes) implements StoreFault {}

    /**
     * The request arrives late.
     *
     * @param held how long it is held
     */
    record Delay(Duration held) implements StoreFault {}

    /** The store pays no attention to the condition of a put; only in front of a server that checks no signatures. */
    record DropCondition() implements StoreFault {}
}
