package io.seawall.it.s3;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A fault of one request to a store. */
public sealed interface StoreFault {
    /**
     * The store answers with an error: the proxy reads the request and does not forward it.
     *
     * @param status the HTTP status
     * @param code S3's error code, such as {@code SlowDown}
     */
    record Answer(int status, String code) implements StoreFault {}

    /** The store completes the request, and the connection breaks before the answer. */
    record LoseAnswer() implements StoreFault {}

    /**
     * The connection breaks within the answer.
     *
     * @param afterBytes how many bytes of the body arrive
     */
    record CutAnswer(long afterBytes) implements StoreFault {}

    /**
     * The connection breaks within the request, on both sides.
     *
     * @param afterBytes how many bytes of the body reach the store
     */
    record CutRequest(long afterBytes) implements StoreFault {}

    /**
     * The request arrives late.
     *
     * @param held how long it is held
     */
    record Delay(Duration held) implements StoreFault {}

    /** The store ignores the condition of a put; only in front of a server that checks no signatures. */
    record DropCondition() implements StoreFault {}

    /**
     * Holds the complete request, or the answer, until the test decides. Created with {@link #hold} or {@link #holdAnswer}.
     */
    final class Hold implements StoreFault {
        private final boolean answer;
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch decided = new CountDownLatch(1);
        /** Written before decided is counted down, read after it. */
        private volatile boolean forward;

        private Hold(boolean answer) {
            this.answer = answer;
        }

        boolean holdsAnswer() {
            return answer;
        }

        /**
         * Blocks until the test decides.
         *
         * @return whether to continue
         */
        boolean stand() throws InterruptedException {
            reached.countDown();
            decided.await();
            return forward;
        }

        /**
         * Waits for the request.
         *
         * @return whether it came in time
         */
        public boolean awaitReached(Duration timeout) throws InterruptedException {
            return reached.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
        }

        /** Lets it continue, to the store or to a client that may be gone. */
        public void release() {
            forward = true;
            decided.countDown();
        }

        /** Drops it. */
        public void drop() {
            decided.countDown();
        }
    }

    /** Holds a request before any of it reaches the store. */
    static Hold hold() {
        return new Hold(false);
    }

    /** Holds the answer to a request that the store has completed. */
    static Hold holdAnswer() {
        return new Hold(true);
    }
}
