package io.seawall.node;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import io.seawall.walkafka.admin.LogHolder;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds back logs whose opening failed with an error that only a person can mend. Each try would cost a term and a claim, so they
 * are tried again rarely, and soon after their holder has changed: a person ends the quarantine by a claim or a snapshot of
 * another term. Used by one thread.
 */
final class Quarantine {
    private static final Logger LOG = LoggerFactory.getLogger(Quarantine.class);
    private static final Duration BETWEEN_TRIES = Duration.ofMinutes(10);
    private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(30);
    private static final Set<ErrorCode> FOR_A_PERSON = Set.of(ErrorCode.FORGED, ErrorCode.DATA_LOSS);

    private final Function<PChannel, Optional<LogHolder>> holderOf;
    private final LongSupplier nanoTime;
    private final Map<PChannel, Held> held = new HashMap<>(); // at most one for each pchannel

    /**
     * A log that is not opened for now.
     *
     * @param term the term whose opening failed
     * @param holder the holder of the log after that
     * @param sinceNanos when the quarantine began; the log is opened again some time later, even if its holder is the same
     * @param askedNanos when the log was last asked for its holder
     */
    private record Held(long term, Optional<LogHolder> holder, long sinceNanos, long askedNanos) {}

    /**
     * Creates a quarantine without logs.
     *
     * @param holderOf asks a log who holds it; blocks
     * @param nanoTime a monotonic clock in nanoseconds
     */
    Quarantine(Function<PChannel, Optional<LogHolder>> holderOf, LongSupplier nanoTime) {
        this.holderOf = holderOf;
        this.nanoTime = nanoTime;
    }

    /** Returns whether only a person can mend the error. */
    static boolean isFor(WalException cause) {
        return FOR_A_PERSON.contains(cause.code());
    }

    /**
     * Returns whether to try a log again now. Blocks if it asks who holds the log.
     *
     * @param term the term whose opening failed
     * @param cause why it failed
     */
    boolean isDue(PChannel pchannel, long term, WalException cause) {
        var known = held.get(pchannel);
        if (known == null || known.term() != term) {
            begin(pchannel, term, cause, known == null);
            return false;
        }
        var nowNanos = nanoTime.getAsLong();
        if (nowNanos - known.sinceNanos() >= BETWEEN_TRIES.toNanos()) {
            return true;
        }
        if (nowNanos - known.askedNanos() < BETWEEN_QUESTIONS.toNanos()) {
            return false;
        }
        held.put(pchannel, new Held(term, known.holder(), known.sinceNanos(), nowNanos));
        return !holderOf.apply(pchannel).equals(known.holder());
    }

    private void begin(PChannel pchannel, long term, WalException cause, boolean first) {
        var nowNanos = nanoTime.getAsLong();
        held.put(pchannel, new Held(term, holderOf.apply(pchannel), nowNanos, nowNanos));
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

    /** Forgets logs that no longer exist. */
    void retain(Collection<PChannel> known) {
        held.keySet().retainAll(known);
    }
}
