package io.seawall.walkafka.internal.lease;

import io.seawall.walkafka.port.LaneFault;
import io.seawall.walkafka.port.LaneProducer;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Hands the acknowledgements that arrive on the producers' threads to the mailbox. Each result is stored in its entry of
 * {@link InFlight}, so nothing is queued here, and one mailbox task processes all results that arrived before it runs.
 */
final class Acknowledgements {
    private final Executor mailbox;
    private final Runnable process;
    private final AtomicBoolean posted = new AtomicBoolean();
    private final AtomicBoolean anyRefused = new AtomicBoolean();
    private final AtomicReference<@Nullable LaneFault> failure = new AtomicReference<>();

    /**
     * Creates an instance without results.
     *
     * @param mailbox runs {@code process}
     * @param process reads {@link #failure} first, then the entries
     */
    Acknowledgements(Executor mailbox, Runnable process) {
        this.mailbox = mailbox;
        this.process = process;
    }

    /** Returns the callback for each record of an entry. It notes the last acknowledgement and every failure. */
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
     * Notes the result of an entry, or the failure of one of its records. Called on the producer's thread.
     *
     * <p>The first failure of a lane ends it, and later acknowledgements are ignored: inside a failed transaction Kafka's client
     * renumbers and still sends the batches that followed the failed one, so n+1 can be acknowledged without n.
     *
     * @param entry the entry that was sent
     * @param offset the offset of the record; -1 if it failed
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
     * Marks the entry that the broker will never accept, but only the first one: Kafka's client then fails every record that it
     * has not sent yet with the same error, whatever its size.
     */
    private void refuse(InFlight.Entry entry, LaneFault fault) {
        if (fault.kind() == LaneFault.Kind.TOO_LARGE && anyRefused.compareAndSet(false, true)) {
            entry.refuse(fault);
        }
    }

    private void take() {
        // Reset before processing: a result that is noted from now on is either seen there or posts again.
        posted.set(false);
        process.run();
    }

    /** Returns the first failure, or null. A thread that sees it also sees all acknowledgements noted before it. */
    @Nullable
    LaneFault failure() {
        return failure.get();
    }
}
