package io.seawall.lifetime;

import io.seawall.lifetime.LifetimeStatus.Failure;
import io.seawall.wal.PChannel;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Lifetime} with its times and its history.
 *
 * @param lifetime the value
 * @param since when its current state was reached
 * @param phaseSince when its phase was entered
 * @param lastFailure the last failure, or null
 */
record LifetimeView(
        Lifetime lifetime,
        Instant since,
        Instant phaseSince,
        @Nullable Failure lastFailure) {
    static LifetimeView initial(PChannel pchannel, Instant now) {
        return new LifetimeView(Lifetime.initial(pchannel), now, now, null);
    }

    LifetimeView next(Lifetime next, Instant now) {
        var sameState = next.phase().current().equals(lifetime.phase().current());
        var samePhase = next.phase().equals(lifetime.phase());
        return new LifetimeView(next, sameState ? since : now, samePhase ? phaseSince : now, lastFailure(next, now));
    }

    /** A failed term ends when its state is published, even if the next term opens in the same moment. */
    private @Nullable Failure lastFailure(Lifetime next, Instant now) {
        return switch (next.phase().step()) {
            case DOWN, OPENING ->
                next.phase()
                        .cause()
                        .filter(error -> lastFailure == null || lastFailure.error() != error)
                        .map(error -> new Failure(next.phase().current().term(), now, error))
                        .orElse(lastFailure);
            case REGISTERING, AVAILABLE, UNREGISTERING, CLOSING -> lastFailure;
        };
    }

    LifetimeStatus status() {
        var phase = lifetime.phase();
        return new LifetimeStatus(
                lifetime.pchannel(),
                lifetime.expected(),
                phase.current(),
                phase.step(),
                since,
                lifetime.termsSeen(),
                phase.cause().orElse(null),
                lastFailure);
    }
}
