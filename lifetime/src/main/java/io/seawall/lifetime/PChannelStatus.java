package io.seawall.lifetime;

import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What there is to know about one pchannel at one moment.
 *
 * @param pchannel the log
 * @param expected the state that was asked for last
 * @param current the state that it is in; the log is handed out only if also {@code step} is {@link LifetimeStep#AVAILABLE}
 * @param step what is being done to get from one to the other
 * @param since when {@code current} was reached, by the manager's clock
 * @param termsSeen how many different terms were expected so far
 * @param cause why the log is not available: the last opening's error, or the reason for which it ended by itself; null if
 *     nothing failed, or nothing is expected any more
 * @param lastFailure what failed last, also if all is well by now; null if nothing ever failed
 */
public record PChannelStatus(
        PChannel pchannel,
        LifetimeState expected,
        LifetimeState current,
        LifetimeStep step,
        Instant since,
        long termsSeen,
        @Nullable WalException cause,
        @Nullable Failure lastFailure) {
    /**
     * The end of a term that was not asked for.
     *
     * @param term the term
     * @param at when the pchannel was down for it, by the manager's clock
     * @param error the opener's or the flusher's error, or the reason for which the log ended by itself
     */
    public record Failure(long term, Instant at, WalException error) {}

    /** Whether the current state is the expected one, and nothing is under way. */
    public boolean converged() {
        return current.equals(expected) && (step == LifetimeStep.DOWN || step == LifetimeStep.AVAILABLE);
    }
}
