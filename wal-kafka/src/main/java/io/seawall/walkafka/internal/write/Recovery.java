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
 * Takes a log back after an error of a lane, whatever the error was (docs/protocol.md#recovery): another takeover at the same
 * term and the next epoch. If it finds a higher claim, it finds out instead what became of the appends in flight.
 */
final class Recovery {
    private static final String SETTING = "wal.recover.timeout.ms";

    private final Claimant claimant;
    private final WalContext shared;
    private final Lost lost;
    private final Takeover takeover;
    private volatile boolean cancelled; // written by cancel, read between steps

    /**
     * What was lost.
     *
     * @param stamp who wrote
     * @param snapshot the last snapshot known to be committed
     */
    record Lost(Stamp stamp, SnapshotAt snapshot) {}

    /** How a recovery ends. */
    sealed interface Outcome {
        /** The log is ours again. */
        record Back(OpenedLog log) implements Outcome {}

        /**
         * The log is over.
         *
         * @param cause why
         * @param writtenBelow everything sent below this LSN is in the log and nothing else; -1 if that is not known
         */
        record Over(WalException cause, long writtenBelow) implements Outcome {}
    }

    /**
     * A recovery.
     *
     * @param claimant who takes back
     * @param shared what all logs share
     * @param lost what was lost
     * @param timeout how long it may take without getting further, pauses included
     */
    Recovery(Claimant claimant, WalContext shared, Lost lost, Duration timeout) {
        this.claimant = claimant;
        this.shared = shared;
        this.lost = lost;
        this.takeover = new Takeover(claimant, shared, new Takeover.Limit(timeout, SETTING));
    }

    /** Runs; never fails. */
    CompletableFuture<Outcome> run(Duration pause) {
        return takeover.start(pause)
                .<Outcome>thenApply(Outcome.Back::new)
                .exceptionallyCompose(error -> over(walException(error)));
    }

    /** Asks it to stop. */
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
        return new InDoubtResolver(claimant, shared, lost, known, this::reasonToStop)
                .writtenBelow()
                .<Outcome>thenApply(below -> new Outcome.Over(fenced, below))
                .exceptionally(unclear -> new Outcome.Over(unreadable(fenced, walException(unclear)), -1));
    }

    private WalException fenced(WalException expired) {
        var problem = expired.problem();
        return about(ErrorCode.FENCED)
                .with("term", problem.numbers().getOrDefault("term", -1L))
                .found(String.valueOf(problem.found()))
                .expected("no term above " + lost.stamp().term())
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
                                + lost.stamp().term())
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
