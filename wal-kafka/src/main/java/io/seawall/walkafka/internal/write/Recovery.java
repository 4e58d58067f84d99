package io.seawall.walkafka.internal.write;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import io.seawall.walkafka.internal.format.SnapshotAt;
import io.seawall.walkafka.internal.format.Stamp;
import io.seawall.walkafka.internal.open.Claimant;
import io.seawall.walkafka.internal.open.OpenedLog;
import io.seawall.walkafka.internal.open.Takeover;
import io.seawall.walkafka.internal.open.WalContext;
import io.seawall.walkafka.internal.serial.PortErrors;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Takes a log back after an error of a lane (docs/protocol.md#recovery): another takeover at the same term and the next epoch. If
 * that finds a higher claim, the recovery finds out which appends in flight are in the log.
 */
final class Recovery {
    private static final String SETTING = "wal.recover.timeout.ms";

    private final Claimant claimant;
    private final WalContext shared;
    private final Stopped stopped;
    private final Takeover takeover;
    private volatile boolean cancelled; // written by cancel, read between steps

    /**
     * The writer that was stopped.
     *
     * @param stamp its stamp
     * @param snapshot the last snapshot that is known to be committed
     */
    record Stopped(Stamp stamp, SnapshotAt snapshot) {}

    /** The result of a recovery. */
    sealed interface Outcome {
        /** The log was taken back. */
        record Back(OpenedLog log) implements Outcome {}

        /**
         * The log is over.
         *
         * @param cause why
         * @param writtenBelow the LSN below which everything that was sent is in the log, and above which nothing is; -1 if that is
         *     not known
         */
        record Over(WalException cause, long writtenBelow) implements Outcome {}
    }

    /**
     * Creates a recovery, which {@link #run} starts.
     *
     * @param timeout the longest time without progress, pauses included
     */
    Recovery(Claimant claimant, WalContext shared, Stopped stopped, Duration timeout) {
        this.claimant = claimant;
        this.shared = shared;
        this.stopped = stopped;
        this.takeover = new Takeover(claimant, shared, new Takeover.Limit(timeout, SETTING));
    }

    /** Starts the recovery after a pause. The future never fails. */
    CompletableFuture<Outcome> run(Duration pause) {
        return takeover.start(pause)
                .<Outcome>thenApply(Outcome.Back::new)
                .exceptionallyCompose(error -> over(walException(error)));
    }

    /** Asks the recovery to stop. */
    void cancel() {
        cancelled = true;
        takeover.cancel();
    }

    private CompletableFuture<Outcome> over(WalException cause) {
        if (cause.code() != ErrorCode.TERM_EXPIRED) {
            return CompletableFuture.completedFuture(new Outcome.Over(notTakenBack(cause), -1));
        }
        var fenced = fenced(cause);
        var known = shared.owners().of(claimant.pchannel(), claimant.topicId());
        return new InDoubtResolver(claimant, shared, stopped, known, this::reasonToStop)
                .writtenBelow()
                .<Outcome>thenApply(below -> new Outcome.Over(fenced, below))
                .exceptionally(unclear -> new Outcome.Over(unreadable(fenced, walException(unclear)), -1));
    }

    private WalException fenced(WalException expired) {
        var problem = expired.problem();
        return about(ErrorCode.FENCED)
                .with("term", problem.numbers().getOrDefault("term", -1L))
                .found(String.valueOf(problem.found()))
                .expected("no term above " + stopped.stamp().term())
                .fix("append to the new owner")
                .exception();
    }

    private WalException notTakenBack(WalException cause) {
        return about(cause.code() == ErrorCode.SHUTTING_DOWN ? ErrorCode.UNAVAILABLE : cause.code())
                .found("a log that could not be taken back after an error: " + cause.getMessage())
                .fix("open the log at a higher term")
                .cause(cause)
                .exception();
    }

    private static WalException unreadable(WalException fenced, WalException why) {
        return why.code() == ErrorCode.DATA_LOSS || why.code() == ErrorCode.FORGED ? why : fenced;
    }

    private Problem about(ErrorCode code) {
        return Problem.of(
                        code,
                        "append to " + claimant.pchannel() + " at term "
                                + stopped.stamp().term())
                .pchannel(claimant.pchannel());
    }

    private WalException walException(Throwable error) {
        return PortErrors.walException(claimant.operation(), claimant.pchannel(), error);
    }

    private @Nullable RuntimeException reasonToStop() {
        return cancelled || takeover.isLate()
                ? Takeover.cancelledProblem(claimant.operation(), claimant.pchannel())
                : null;
    }
}
