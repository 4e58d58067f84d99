package io.seawall.it.s3;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

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

    /** The request, with all of its body, has come and goes no further for now; or the answer does. Made with {@link #hold}. */
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
         * Stands until the test decides.
         *
         * @return whether to go on
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

        /** Lets it go on, to the store or to a client that may be gone. */
        public void release() {
            forward = true;
            decided.countDown();
        }

        /** Lets it be lost. */
        public void drop() {
            decided.countDown();
        }
    }

    /** Holds a request before the store has seen anything of it. */
    static Hold hold() {
        return new Hold(false);
    }

    /** Holds the answer of a request that the store has done. */
    static Hold holdAnswer() {
        return new Hold(true);
    }
}
