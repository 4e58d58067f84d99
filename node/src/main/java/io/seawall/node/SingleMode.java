package io.seawall.node;

import io.seawall.lifetime.LifetimeStatus;
import io.seawall.lifetime.LifetimeStep;
import io.seawall.lifetime.WalManager;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import io.seawall.walkafka.admin.LogHolder;
import io.seawall.walkafka.admin.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Assigns terms on a lone node: opens every pchannel under the prefix at the highest claimed term + 1. If Kafka was unavailable, it
 * opens the pchannel again at the next term, after growing pauses; while only a person can mend it, rarely ({@link Quarantine});
 * once another node has taken it, never. One thread calls {@link #reconcile}, which blocks.
 */
final class SingleMode {
    private static final Logger LOG = LoggerFactory.getLogger(SingleMode.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration BETWEEN_LINES = Duration.ofMinutes(1);
    /** Errors that mean that another node took the pchannel: only an operator can decide which node is right. */
    private static final Set<ErrorCode> RIVAL = Set.of(ErrorCode.FENCED, ErrorCode.TERM_EXPIRED);

    private final WalManager lifetimes;
    private final Supplier<List<Topic>> topics;
    private final Function<PChannel, Optional<LogHolder>> holderOf;
    private final LongSupplier nanoTime;
    private final Map<PChannel, Retry> retries = new HashMap<>();
    private final Quarantine quarantine;
    private final Set<PChannel> conceded = new HashSet<>();
    private String loggedReason = "";
    private long loggedNanos;
    private final List<CompletableFuture<Void>> openings = new ArrayList<>(); // at most one pending per pchannel

    SingleMode(
            WalManager lifetimes,
            Supplier<List<Topic>> topics,
            Function<PChannel, Optional<LogHolder>> holderOf,
            LongSupplier nanoTime) {
        this.lifetimes = lifetimes;
        this.topics = topics;
        this.holderOf = holderOf;
        this.nanoTime = nanoTime;
        this.quarantine = new Quarantine(holderOf, nanoTime);
    }

    /** The time of the last attempt, and the pause after it. */
    private record Retry(long triedNanos, Duration pause) {
        static Retry first(long nowNanos) {
            return new Retry(nowNanos, FIRST_PAUSE);
        }

        boolean isDue(long nowNanos) {
            return nowNanos - triedNanos >= pause.toNanos();
        }

        Retry next(long nowNanos) {
            var longer = pause.multipliedBy(2);
            return new Retry(nowNanos, longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE);
        }
    }

    /**
     * Starts all openings that are due.
     *
     * @return completes, never with an error, when all openings under way have succeeded or failed
     */
    CompletableFuture<Void> reconcile() {
        try {
            var known = topics.get().stream().flatMap(Topic::eachPChannel).collect(Collectors.toSet());
            known.forEach(this::tryToOpen);
            lifetimes.statuses().stream()
                    .filter(status -> !known.contains(status.pchannel()))
                    .forEach(this::forgetIfDown);
            retries.keySet().retainAll(known);
            conceded.retainAll(known);
            quarantine.retain(known);
        } catch (WalException unavailable) {
            logUnavailable(unavailable);
        }
        openings.removeIf(CompletableFuture::isDone);
        return CompletableFuture.allOf(openings.toArray(CompletableFuture<?>[]::new));
    }

    /**
     * Logs that Kafka did not answer: at once for a new reason, otherwise once a minute, because this is called every few seconds.
     */
    private void logUnavailable(WalException error) {
        var reason = String.valueOf(error.getMessage());
        var nowNanos = nanoTime.getAsLong();
        if (!reason.equals(loggedReason) || nowNanos - loggedNanos >= BETWEEN_LINES.toNanos()) {
            loggedReason = reason;
            loggedNanos = nowNanos;
            LOG.atWarn().addKeyValue("error", reason).log("cannot list the pchannels; will retry");
        }
    }

    /** Opens a log if it is due. If Kafka does not return its holder, the other logs are opened all the same. */
    private void tryToOpen(PChannel pchannel) {
        try {
            openIfDue(pchannel);
        } catch (WalException unavailable) {
            logUnavailable(unavailable);
        }
    }

    private void openIfDue(PChannel pchannel) {
        var status = lifetimes.status(pchannel);
        var down = status.isEmpty() || status.get().step() == LifetimeStep.DOWN;
        if (!down) {
            if (status.get().step() == LifetimeStep.AVAILABLE) {
                retries.remove(pchannel);
                quarantine.release(pchannel);
            }
            return;
        }
        var cause = status.filter(known -> known.expected().available())
                .map(LifetimeStatus::cause)
                .orElse(null);
        if (cause != null && RIVAL.contains(cause.code())) {
            concede(pchannel, cause);
            return;
        }
        var retry = retries.get(pchannel);
        // Without a retry, the log ended with this error while it was open, and has not been tried since.
        if (cause != null && retry != null && Quarantine.isFor(cause)) {
            var term = status.get().expected().term();
            if (quarantine.isDue(pchannel, term, cause)) {
                open(pchannel, term);
            }
            return;
        }
        quarantine.release(pchannel);
        var nowNanos = nanoTime.getAsLong();
        if (retry == null || retry.isDue(nowNanos)) {
            retries.put(pchannel, retry == null ? Retry.first(nowNanos) : retry.next(nowNanos));
            open(pchannel, status.map(known -> known.expected().term()).orElse(-1L));
        }
    }

    private void open(PChannel pchannel, long lastTerm) {
        var claimed = holderOf.apply(pchannel).map(LogHolder::term).orElse(-1L);
        var term = Math.max(1, Math.max(lastTerm, claimed) + 1);
        openings.add(lifetimes.open(pchannel, term).exceptionally(error -> {
            LOG.atWarn()
                    .addKeyValue("pchannel", pchannel)
                    .addKeyValue("term", term)
                    .addKeyValue("error", error.getMessage())
                    .log("pchannel not opened");
            return null;
        }));
    }

    /**
     * Removes a pchannel that is down and whose topic is gone, so that it counts as down by expectation and a topic of that
     * name counts as new. Does not close an open log: Kafka may list a topic late, and if the topic is really gone, the log
     * ends by itself.
     */
    private void forgetIfDown(LifetimeStatus status) {
        if (status.step() == LifetimeStep.DOWN && status.expected().available()) {
            var unused = lifetimes.remove(status.pchannel(), status.expected().term());
        }
    }

    private void concede(PChannel pchannel, WalException cause) {
        if (conceded.add(pchannel)) {
            LOG.atError()
                    .addKeyValue("pchannel", pchannel)
                    .addKeyValue("error", cause.getMessage())
                    .log("another node has taken the pchannel; it stays down here until this node is restarted");
        }
    }
}
