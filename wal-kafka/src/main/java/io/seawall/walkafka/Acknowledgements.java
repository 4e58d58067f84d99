package io.seawall.walkafka;

import io.seawall.walkafka.port.LaneFault;
import io.seawall.walkafka.port.LaneProducer;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Brings the mailbox to look at what the producers' threads noted in the entries: one task for all that has come by then, and
 * nothing to queue, as the entries stand in order in {@link InFlight} already.
 */
final class Acknowledgements {
    private final Executor mailbox;
    private final Runnable look;
    private final AtomicBoolean posted = new AtomicBoolean();
    private final AtomicBoolean anyRefused = new AtomicBoolean();
    private final AtomicReference<@Nullable LaneFault> failure = new AtomicReference<>();

    /**
     * Nothing noted.
     *
     * @param mailbox where to look
     * @param look looks at {@link #failure} first, then at the entries
     */
    Acknowledgements(Executor mailbox, Runnable look) {
        this.mailbox = mailbox;
        this.look = look;
    }

    /** What is told of each record of an entry, on the producer's thread; it notes the last one, or each failure. */
    LaneProducer.Acknowledged of(InFlight.Entry entry, int count) {
        if (count == 1) {
            return (offset, fault) -> note(entry, offset, fault);
        }
        return new LaneProducer.Acknowledged() {
            private int left = count;

            @Override
            public void on(long offset, @Nullable LaneFault fault) {
                if (fault != null || --left == 0) {
                    note(entry, offset, fault);
                }
            }
        };
    }

    /**
     * Notes what became of an entry, or of one of its records; on the producer's thread.
     *
     * <p>The first failure of a lane ends it, and later acknowledgements of it mean nothing: inside a failed transaction Kafka's
     * client renumbers and sends on what followed the failed batch, so n+1 can be acknowledged without n.
     *
     * @param entry what was sent
     * @param offset where it is; -1 if it failed
     * @param fault why it failed, or null
     */
    void note(InFlight.Entry entry, long offset, @Nullable LaneFault fault) {
        if (fault != null) {
            refuse(entry, fault);
            failure.compareAndSet(null, fault);
        } else if (failure.get() == null) {
            entry.acknowledgedAt(offset);
        }
        if (!posted.get() && posted.compareAndSet(false, true)) {
            mailbox.execute(this::take);
        }
    }

    /**
     * Notes the record that the broker never takes, but only the first: Kafka's client then fails everything that it has not sent
     * yet with the same error, whatever its size.
     */
    private void refuse(InFlight.Entry entry, LaneFault fault) {
        if (fault.kind() == LaneFault.Kind.TOO_LARGE && anyRefused.compareAndSet(false, true)) {
            entry.refuse(fault);
        }
    }

    private void take() {
        // Before looking: what is noted from here on either is seen below or posts again.
        posted.set(false);
        look.run();
    }

    /** The first failure. Whatever was acknowledged before it is seen in the entries by whoever sees it here. */
    @Nullable
    LaneFault failure() {
        return failure.get();
    }
}
