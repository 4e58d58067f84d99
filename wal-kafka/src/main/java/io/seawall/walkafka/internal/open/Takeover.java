package io.seawall.walkafka.internal.open;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import io.seawall.walkafka.internal.serial.PortErrors;
import io.seawall.walkafka.port.LaneFault;
import io.seawall.walkafka.port.OffsetGoneException;
import io.seawall.walkafka.settings.TakeoverTime;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over a log, with as many attempts as its time limit allows. An opener that is fenced before its claim is committed starts
 * again after a random pause, so that two openers do not fence each other for long.
 */
public final class Takeover {
    private static final Logger LOG = LoggerFactory.getLogger(Takeover.class);
    private static final int LONGEST_PAUSE_MS = 200;

    private final Claimant claimant;
    private final WalContext shared;
    private final Limit limit;
    private final TakeoverTime time;
    private volatile boolean progressExtendsTime = true; // written between attempts
    private volatile boolean over; // written at the end, read by the timer
    private volatile boolean cancelled; // written by cancel, read between steps
    private volatile @Nullable OpeningAttempt attempt; // written by the takeover, read by cancel
    private volatile Supplier<String> doing = () -> "finding the topic"; // written and read by the takeover
    private volatile @Nullable Throwable lastError; // written and read by the takeover
    private volatile @Nullable RuntimeException stopped; // written and read by the takeover

    /**
     * The time limit of a takeover.
     *
     * @param timeout the longest time without progress, pauses included
     * @param setting the name of the setting that it comes from
     */
    public record Limit(Duration timeout, String setting) {}

    /** Called between steps. An attempt ends with the error that it returns, and continues if it returns null. */
    @FunctionalInterface
    public interface GiveUp extends Supplier<@Nullable RuntimeException> {}

    public Takeover(Claimant claimant, WalContext shared, Limit limit) {
        this.claimant = claimant;
        this.shared = shared;
        this.limit = limit;
        this.time = new TakeoverTime(shared.time(), limit.timeout());
    }

    /**
     * Starts the takeover. Called once.
     *
     * @param pause how long to wait before the first attempt
     * @return completes with the log, which the caller closes; fails with a {@link WalException}, with TERM_EXPIRED if the log
     *     has the same or a higher stamp
     */
    public CompletableFuture<OpenedLog> start(Duration pause) {
        closeWhenLate();
        var begun = pause.isZero()
                ? attempt()
                : shared.time().pause(pause).thenComposeAsync(paused -> attempt(), shared.io());
        return begun.exceptionallyCompose(error -> CompletableFuture.failedFuture(
                        PortErrors.walException(claimant.operation(), claimant.pchannel(), error)))
                .whenComplete((log, error) -> forget());
    }

    /** Closes the attempt once its time is over, since Kafka's calls may block for longer. */
    private void closeWhenLate() {
        shared.time().after(Math.max(1, time.leftMs()), () -> {
            if (time.isPast()) {
                closeAttempt();
            } else if (!over) {
                closeWhenLate();
            }
        });
    }

    /**
     * Drops references to the attempt: the timer keeps this object in memory until its time is over, but must not keep the
     * lanes.
     */
    private void forget() {
        over = true;
        attempt = null;
        doing = () -> "nothing, as it has ended";
    }

    /** Asks the takeover to stop. It then releases everything and fails, unless it can no longer stop safely. */
    public void cancel() {
        cancelled = true;
        closeAttempt();
    }

    /** Closes the attempt in progress. An attempt that has succeeded keeps its lanes. */
    private void closeAttempt() {
        var current = attempt;
        if (current != null) {
            // On another thread: closing a producer waits for the producer's thread, which may be this one.
            try {
                shared.io().execute(current::close);
            } catch (RejectedExecutionException closing) {
                current.close();
            }
        }
    }

    private CompletableFuture<OpenedLog> attempt() {
        return shared.topics()
                .describe(claimant.pchannel().topic())
                // On the pool, not on the admin client's thread: an attempt creates clients.
                .thenComposeAsync(
                        topic -> {
                            var current = claimant.attempt(topic, new Driver());
                            attempt = current;
                            doing = current::doing;
                            return current.run().whenComplete((log, error) -> {
                                if (current.isClaimed()) {
                                    claimant.stampUsed();
                                }
                                if (error == null) {
                                    claimant.copyBytes().reset();
                                } else {
                                    progressExtendsTime = leftProgress(current);
                                }
                            });
                        },
                        shared.io())
                .exceptionallyCompose(wrapped -> again(FutureErrors.unwrapped(wrapped)));
    }

    private final class Driver implements OpeningAttempt.Driver {
        @Override
        public @Nullable RuntimeException get() {
            return reasonToStop();
        }

        @Override
        public void gotFurther() {
            if (progressExtendsTime) {
                time.gotFurther();
            }
        }
    }

    /**
     * Returns whether progress of the next attempt extends the time. That attempt reads the same records again, which alone is no
     * progress. So the failed attempt must have left committed copies, or the next transaction must be smaller.
     */
    private boolean leftProgress(OpeningAttempt failed) {
        var nextIsSmaller = failed.isWritingCopies() && claimant.copyBytes().shrink();
        return nextIsSmaller || failed.hasCommittedCopies();
    }

    private CompletableFuture<OpenedLog> again(Throwable error) {
        release();
        if (error != stopped) {
            lastError = error;
        }
        var stop = isWorthAnotherAttempt(error) ? reasonToStop() : error;
        if (stop != null) {
            return CompletableFuture.failedFuture(stop);
        }
        claimant.repetitions()
                .line("opening again: " + kind(error))
                .ifPresent(leftOut -> LOG.atInfo()
                        .setMessage("opening starts again")
                        .addKeyValue("pchannel", claimant.pchannel())
                        .addKeyValue("term", claimant.stamp().term())
                        .addKeyValue("error", String.valueOf(error.getMessage()))
                        .addKeyValue("leftOut", leftOut)
                        .log());
        var pause = Duration.ofMillis(1 + shared.random().nextInt(LONGEST_PAUSE_MS));
        return shared.time().pause(pause).thenComposeAsync(paused -> attempt(), shared.io());
    }

    /** Returns a text that is equal for errors whose messages differ in numbers only. */
    private static String kind(Throwable error) {
        if (error instanceof LaneFault fault) {
            var cause = fault.getCause() == null ? fault : fault.getCause();
            return fault.kind() + " " + cause.getClass().getName();
        }
        return error instanceof WalException problem
                ? problem.code().name()
                : error.getClass().getName();
    }

    private void release() {
        var failed = attempt;
        attempt = null;
        if (failed != null) {
            failed.close();
        }
    }

    private static boolean isWorthAnotherAttempt(Throwable error) {
        if (error instanceof LaneFault fault) {
            // GONE: the next attempt describes the topic again.
            // TOO_LARGE: acknowledged records have to be written again, and an operator may raise the topic's limit.
            return fault.kind() != LaneFault.Kind.FORBIDDEN;
        }
        // SHUTTING_DOWN: the attempt was closed while it ran; reasonToStop() has the reason.
        return error instanceof OffsetGoneException
                || (error instanceof WalException problem
                        && (problem.code() == ErrorCode.UNAVAILABLE || problem.code() == ErrorCode.SHUTTING_DOWN));
    }

    /** Returns whether its time is over. */
    public boolean isLate() {
        return time.isPast();
    }

    /** Returns the reason to stop, or null to continue. The first reason stays. */
    private @Nullable RuntimeException reasonToStop() {
        if (stopped == null && cancelled) {
            stopped = cancelledProblem(claimant.operation(), claimant.pchannel());
        } else if (stopped == null && time.isPast()) {
            stopped = outOfTime();
        }
        return stopped;
    }

    private WalException outOfTime() {
        var last = lastError;
        var problem = Problem.of(ErrorCode.UNAVAILABLE, claimant.operation())
                .pchannel(claimant.pchannel())
                .found("still " + doing.get() + (last == null ? "" : "; before that: " + last.getMessage()))
                .expected("progress within " + limit.timeout() + " (" + limit.setting() + "), and the end within "
                        + TakeoverTime.MOST_TIMEOUTS + " times as much")
                .fix(fix(last, claimant.unsafeTopic()));
        return (last == null ? problem : problem.cause(last)).exception();
    }

    private static String fix(@Nullable Throwable last, @Nullable WalException unsafeTopic) {
        if (unsafeTopic != null) {
            return "alter the topic, which has "
                    + unsafeTopic.problem().found() + ", expected "
                    + unsafeTopic.problem().expected();
        }
        return last instanceof LaneFault fault && fault.kind() == LaneFault.Kind.TOO_LARGE
                ? "raise the topic's max.message.bytes: an acknowledged record has to be written again"
                : "check whether Kafka's brokers answer and whether another transaction is open on the partition";
    }

    public static WalException cancelledProblem(String operation, PChannel pchannel) {
        return Problem.of(ErrorCode.SHUTTING_DOWN, operation)
                .pchannel(pchannel)
                .found("the opening being cancelled")
                .exception();
    }
}
