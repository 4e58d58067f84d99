package io.seawall.lifetime;

import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The status of one pchannel at one moment.
 *
 * @param pchannel the log
 * @param expected the state requested last
 * @param current the current state; the log is handed out only if also {@code step} is {@link LifetimeStep#AVAILABLE}
 * @param step the step that leads from one to the other
 * @param since when {@code current} was reached, by the manager's clock
 * @param termsSeen how many different terms were expected so far
 * @param cause why the log is not available: the last opening's error, or the reason why it ended by itself; null if nothing
 *     failed, or nothing is expected any more
 * @param lastFailure the last failure, kept after a recovery; null if nothing ever failed
 */
public record LifetimeStatus(
        PChannel pchannel,
        LifetimeState expected,
        LifetimeState current,
        LifetimeStep step,
        Instant since,
        long termsSeen,
        @Nullable WalException cause,
        @Nullable Failure lastFailure) {
    /**
     * The unrequested end of a term.
     *
     * @param term the term
     * @param at when the pchannel was down for it, by the manager's clock
     * @param error the opener's or the flusher's error, or the reason why the log ended by itself
     */
    public record Failure(long term, Instant at, WalException error) {}

    /** Returns whether the current state is the expected one and no step is in progress. */
    public boolean converged() {
        return current.equals(expected) && (step == LifetimeStep.DOWN || step == LifetimeStep.AVAILABLE);
    }
}
