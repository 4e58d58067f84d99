package io.seawall.node;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import io.seawall.walkafka.admin.LogHolder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs whose opening failed with what only a person can mend. Each try would cost a term and a claim, so they are tried again
 * rarely, and soon after somebody wrote a claim or a snapshot of another term: that is how a person ends this. Used by one thread.
 */
final class Quarantine {
    private static final Logger LOG = LoggerFactory.getLogger(Quarantine.class);
    private static final Duration BETWEEN_TRIES = Duration.ofMinutes(10);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(30);
    private static final Set<ErrorCode> FOR_A_PERSON = Set.of(ErrorCode.FORGED, ErrorCode.DATA_LOSS);

    private final Function<PChannel, Optional<LogHolder>> holderOf;
    private final InstantSource clock;
    private final Map<PChannel, Held> held = new HashMap<>(); // at most one for each pchannel there is

    /**
     * A log that is left alone.
     *
     * @param term the term whose opening failed
     * @param holder who held the log after that
     * @param lookAt when to ask for the holder again
     * @param tryAt when to open the log again, also if its holder is the same
     */
    private record Held(long term, Optional<LogHolder> holder, Instant lookAt, Instant tryAt) {}

    /**
     * A quarantine without logs.
     *
     * @param holderOf asks a log who holds it; blocks
     */
    Quarantine(Function<PChannel, Optional<LogHolder>> holderOf, InstantSource clock) {
        this.holderOf = holderOf;
        this.clock = clock;
    }

    /** Returns whether only a person can mend what an opening failed with. */
    static boolean isFor(WalException cause) {
        return FOR_A_PERSON.contains(cause.code());
    }

    /**
     * Returns whether a log is to be tried again now. Blocks if it asks who holds the log.
     *
     * @param term the term whose opening failed
     * @param cause why it failed
     */
    boolean isDue(PChannel pchannel, long term, WalException cause) {
        var known = held.get(pchannel);
        var now = clock.instant();
        if (known == null || known.term() != term) {
            begin(pchannel, term, cause, known == null);
            return false;
        }
        if (!now.isBefore(known.tryAt())) {
            return true;
        }
        if (now.isBefore(known.lookAt())) {
            return false;
        }
        held.put(pchannel, new Held(term, known.holder(), now.plus(BETWEEN_LOOKS), known.tryAt()));
        return !holderOf.apply(pchannel).equals(known.holder());
    }

    private void begin(PChannel pchannel, long term, WalException cause, boolean first) {
        var now = clock.instant();
        held.put(pchannel, new Held(term, holderOf.apply(pchannel), now.plus(BETWEEN_LOOKS), now.plus(BETWEEN_TRIES)));
        if (first) {
            LOG.atError()
                    .addKeyValue("pchannel", pchannel)
                    .addKeyValue("error", cause.code() + ": " + cause.getMessage())
                    .log("the pchannel stays closed until a person mends it");
        }
    }

    /** Ends the quarantine of a log that is open, or fails for another reason. */
    void release(PChannel pchannel) {
        held.remove(pchannel);
    }

    /** Forgets logs that are not there any more. */
    void retain(Collection<PChannel> known) {
        held.keySet().retainAll(known);
    }
}
