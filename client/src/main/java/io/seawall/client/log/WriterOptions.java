package io.seawall.client.log;

import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a {@link LogWriter}.
 *
 * @param linger how long the first record of a batch waits for others; 0 (the default) sends as soon as fewer than five batches
 *     are without an answer, so batches grow by themselves under load. More makes larger batches and slower answers. At most a
 *     minute
 * @param batchBytes how many bytes of records the writer puts into one batch, 1 to 16 MiB, by default 256 KiB. A larger append
 *     goes alone. Less costs throughput; more costs memory in the node, which holds five of them
 * @param bufferBytes how many bytes of unanswered appends the writer keeps, by default 32 MiB. Each append counts 64 bytes more
 *     than its records
 * @param maxBlock how long an append waits for room in the buffer before it fails with {@link Codes#OVERLOADED}; 0 to fail at
 *     once, by default a minute
 * @param deliveryTimeout how long after the call an append is answered at the latest, by default 2 minutes
 * @param answerTimeout how long the oldest batch in flight may be without an answer before the writer connects again, by default
 *     40 seconds: the node itself waits 30 seconds for Kafka ({@code wal.delivery.timeout.ms})
 * @param openTimeout how long a node may take to open a call before the writer tries another, by default 10 seconds
 * @param session the writer's session; see {@link Session}
 * @param stopAtFailure whether the writer ends with the first append that fails, so that the acknowledged appends are always the
 *     first ones; otherwise (the default) an append that is refused fails alone
 */
public record WriterOptions(
        Duration linger,
        int batchBytes,
        long bufferBytes,
        Duration maxBlock,
        Duration deliveryTimeout,
        Duration answerTimeout,
        Duration openTimeout,
        Session session,
        boolean stopAtFailure) {
    private static final int MOST_BATCH_BYTES = 16 << 20;
    private static final Duration LONGEST_LINGER = Duration.ofMinutes(1);
    private static final Duration LONGEST_WAIT = Duration.ofDays(7);

    /** How batches are numbered, so that one that is sent again is not written twice. */
    public sealed interface Session {
        /** Returns a session with an id that the writer makes, the default. After an error it may go on with another id. */
        static Session random() {
            return new Random();
        }

        /** Returns no session: one batch is in flight at a time, and one whose answer is lost fails with OUTCOME_UNKNOWN. */
        static Session none() {
            return new None();
        }

        /**
         * Returns a session with a chosen id, for programs that remember their last number and make the same batches again:
         * each append is a batch of its own and has one number. An append that fails without effect leaves its number to the next
         * one; a program that counts all its appends has to end with the first failure ({@link WriterOptions#withStopAtFailure}).
         *
         * @param id 1 to 100 of A-Z, a-z, 0-9, '.', '_' and '-'
         * @param firstSeq the number of the first append, 0 for a new session
         */
        static Session named(String id, long firstSeq) {
            return new Named(id, firstSeq);
        }

        /**
         * Returns a session with a chosen id of which this program sends each number for the first time. The writer puts appends
         * together into batches as it does in a session of its own. It ends with {@link Codes#SESSION_IN_USE} if the log has a
         * batch already that was sent once only: then another program uses the id, or an earlier one used the number. To be sure
         * that nothing is appended behind such a batch, wait for the first answer before the second append.
         *
         * @param id 1 to 100 of A-Z, a-z, 0-9, '.', '_' and '-'
         * @param firstSeq the number of the first batch, 0 for a new session
         */
        static Session continued(String id, long firstSeq) {
            return new Continued(id, firstSeq);
        }

        /** A session whose id the writer makes. */
        record Random() implements Session {}

        /** No session. */
        record None() implements Session {}

        /**
         * A session with a chosen id.
         *
         * @param id the id
         * @param firstSeq the number of the first append
         */
        record Named(String id, long firstSeq) implements Session {
            private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,100}");

            /** Checks the id and the number. */
            public Named {
                check(id, firstSeq);
            }

            private static void check(String id, long firstSeq) {
                if (!ID.matcher(id).matches() || firstSeq < 0) {
                    throw SeawallException.of(
                                    Codes.INVALID,
                                    "cannot name a writer session: found an id of " + id.length()
                                            + " characters and number " + firstSeq + ", expected " + ID
                                            + " and 0 or more")
                            .build();
                }
            }
        }

        /**
         * A session with a chosen id, each number of which is sent for the first time.
         *
         * @param id the id
         * @param firstSeq the number of the first batch
         */
        record Continued(String id, long firstSeq) implements Session {
            /** Checks the id and the number. */
            public Continued {
                Named.check(id, firstSeq);
            }
        }
    }

    /** Checks each value. */
    public WriterOptions {
        inRange("linger", linger, Duration.ZERO, LONGEST_LINGER);
        inRange("maxBlock", maxBlock, Duration.ZERO, LONGEST_WAIT);
        inRange("deliveryTimeout", deliveryTimeout, Duration.ofMillis(1), LONGEST_WAIT);
        inRange("answerTimeout", answerTimeout, Duration.ofMillis(1), LONGEST_WAIT);
        inRange("openTimeout", openTimeout, Duration.ofMillis(1), LONGEST_WAIT);
        if (batchBytes < 1 || batchBytes > MOST_BATCH_BYTES) {
            throw invalid("batchBytes", batchBytes, "1 to " + MOST_BATCH_BYTES);
        }
        if (bufferBytes < 1) {
            throw invalid("bufferBytes", bufferBytes, "1 or more");
        }
    }

    /** Returns the default settings. */
    public static WriterOptions defaults() {
        return new WriterOptions(
                Duration.ZERO,
                256 << 10,
                32L << 20,
                Duration.ofMinutes(1),
                Duration.ofMinutes(2),
                Duration.ofSeconds(40),
                Duration.ofSeconds(10),
                Session.random(),
                false);
    }

    static void inRange(String name, Duration found, Duration least, Duration most) {
        if (found.compareTo(least) < 0 || found.compareTo(most) > 0) {
            throw invalid(name, found, least + " to " + most);
        }
    }

    static SeawallException invalid(String name, @Nullable Object found, String expected) {
        return SeawallException.of(
                        Codes.INVALID, "cannot use option " + name + ": found " + found + ", expected " + expected)
                .build();
    }

    /** Returns a copy with another {@code linger}. */
    public WriterOptions withLinger(Duration value) {
        return new WriterOptions(
                value,
                batchBytes,
                bufferBytes,
                maxBlock,
                deliveryTimeout,
                answerTimeout,
                openTimeout,
                session,
                stopAtFailure);
    }

    /** Returns a copy with another {@code batchBytes}. */
    public WriterOptions withBatchBytes(int value) {
        return new WriterOptions(
                linger,
                value,
                bufferBytes,
                maxBlock,
                deliveryTimeout,
                answerTimeout,
                openTimeout,
                session,
                stopAtFailure);
    }

    /** Returns a copy with another {@code bufferBytes}. */
    public WriterOptions withBufferBytes(long value) {
        return new WriterOptions(
                linger,
                batchBytes,
                value,
                maxBlock,
                deliveryTimeout,
                answerTimeout,
                openTimeout,
                session,
                stopAtFailure);
    }

    /** Returns a copy with another {@code maxBlock}. */
    public WriterOptions withMaxBlock(Duration value) {
        return new WriterOptions(
                linger,
                batchBytes,
                bufferBytes,
                value,
                deliveryTimeout,
                answerTimeout,
                openTimeout,
                session,
                stopAtFailure);
    }

    /** Returns a copy with another {@code deliveryTimeout}. */
    public WriterOptions withDeliveryTimeout(Duration value) {
        return new WriterOptions(
                linger, batchBytes, bufferBytes, maxBlock, value, answerTimeout, openTimeout, session, stopAtFailure);
    }

    /** Returns a copy with another {@code answerTimeout}. */
    public WriterOptions withAnswerTimeout(Duration value) {
        return new WriterOptions(
                linger, batchBytes, bufferBytes, maxBlock, deliveryTimeout, value, openTimeout, session, stopAtFailure);
    }

    /** Returns a copy with another {@code openTimeout}. */
    public WriterOptions withOpenTimeout(Duration value) {
        return new WriterOptions(
                linger,
                batchBytes,
                bufferBytes,
                maxBlock,
                deliveryTimeout,
                answerTimeout,
                value,
                session,
                stopAtFailure);
    }

    /** Returns a copy with another {@code session}. */
    public WriterOptions withSession(Session value) {
        return new WriterOptions(
                linger,
                batchBytes,
                bufferBytes,
                maxBlock,
                deliveryTimeout,
                answerTimeout,
                openTimeout,
                value,
                stopAtFailure);
    }

    /** Returns a copy with another {@code stopAtFailure}. */
    public WriterOptions withStopAtFailure(boolean value) {
        return new WriterOptions(
                linger, batchBytes, bufferBytes, maxBlock, deliveryTimeout, answerTimeout, openTimeout, session, value);
    }
}
