package io.seawall.client.log;

import java.time.Duration;

/**
 * The settings of a {@link LogReader}.
 *
 * @param view which records it sees, by default each one as soon as it is acknowledged
 * @param untilTail whether it ends at the first moment at which it has all records there are; otherwise it waits for more
 * @param messageBytes the most bytes of records in one message of the node, 1 KiB to 16 MiB, by default 1 MiB; a larger record
 *     comes alone
 * @param prefetchBytes how many bytes of records the reader holds that the user has not taken, by default 4 MiB: as many messages
 *     of {@code messageBytes} as fit, at least one. Beyond that the node stops sending
 * @param retryTimeout how long the reader tries to reach a node that serves the log, without one message, before it fails; by
 *     default 2 minutes
 * @param silence how long a node may send nothing before the reader connects again, by default 15 seconds; a node gives a sign
 *     of life every 5 seconds
 */
public record ReaderOptions(
        View view, boolean untilTail, int messageBytes, long prefetchBytes, Duration retryTimeout, Duration silence) {
    private static final int LEAST_MESSAGE_BYTES = 1 << 10;
    private static final int MOST_MESSAGE_BYTES = 16 << 20;
    private static final Duration LONGEST_WAIT = Duration.ofDays(7);

    /** Checks each value. */
    public ReaderOptions {
        WriterOptions.inRange("retryTimeout", retryTimeout, Duration.ZERO, LONGEST_WAIT);
        WriterOptions.inRange("silence", silence, Duration.ofMillis(1), LONGEST_WAIT);
        if (messageBytes < LEAST_MESSAGE_BYTES || messageBytes > MOST_MESSAGE_BYTES) {
            throw WriterOptions.invalid(
                    "messageBytes", messageBytes, LEAST_MESSAGE_BYTES + " to " + MOST_MESSAGE_BYTES);
        }
        if (prefetchBytes < 1) {
            throw WriterOptions.invalid("prefetchBytes", prefetchBytes, "1 or more");
        }
    }

    /** Returns the default settings. */
    public static ReaderOptions defaults() {
        return new ReaderOptions(View.LIVE, false, 1 << 20, 4L << 20, Duration.ofMinutes(2), Duration.ofSeconds(15));
    }

    /** Returns a copy with another {@code view}. */
    public ReaderOptions withView(View value) {
        return new ReaderOptions(value, untilTail, messageBytes, prefetchBytes, retryTimeout, silence);
    }

    /** Returns a copy with another {@code untilTail}. */
    public ReaderOptions withUntilTail(boolean value) {
        return new ReaderOptions(view, value, messageBytes, prefetchBytes, retryTimeout, silence);
    }

    /** Returns a copy with another {@code messageBytes}. */
    public ReaderOptions withMessageBytes(int value) {
        return new ReaderOptions(view, untilTail, value, prefetchBytes, retryTimeout, silence);
    }

    /** Returns a copy with another {@code prefetchBytes}. */
    public ReaderOptions withPrefetchBytes(long value) {
        return new ReaderOptions(view, untilTail, messageBytes, value, retryTimeout, silence);
    }

    /** Returns a copy with another {@code retryTimeout}. */
    public ReaderOptions withRetryTimeout(Duration value) {
        return new ReaderOptions(view, untilTail, messageBytes, prefetchBytes, value, silence);
    }

    /** Returns a copy with another {@code silence}. */
    public ReaderOptions withSilence(Duration value) {
        return new ReaderOptions(view, untilTail, messageBytes, prefetchBytes, retryTimeout, value);
    }
}
