package io.seawall.walkafka.internal.write;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import io.seawall.walkafka.internal.open.WalContext;
import io.seawall.walkafka.internal.scan.ScanDeadline;
import io.seawall.walkafka.internal.serial.Backoff;
import io.seawall.walkafka.internal.serial.Loop;
import io.seawall.walkafka.port.Time;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Waits until committed readers see a record whose commit was answered. Kafka answers a commit once its outcome is final, and
 * writes the marker into the partition later; until then the last stable offset stays below the transaction. Blocks no thread.
 * Used once.
 */
final class MarkerWait {
    private static final Backoff PAUSES = new Backoff(Duration.ofMillis(2), Duration.ofMillis(100));

    private final PChannel pchannel;
    private final String operation;
    private final WalContext shared;
    private final long offset;
    private final Time.Deadline deadline;
    private int pauses;
    private long stable = -1;
    private @Nullable Throwable lastError;

    /**
     * Creates a wait for at most {@link ScanDeadline#USUAL}, which starts now.
     *
     * @param operation the operation, as a phrase that fits after "cannot"
     * @param offset the record's offset
     */
    MarkerWait(PChannel pchannel, String operation, WalContext shared, long offset) {
        this.pchannel = pchannel;
        this.operation = operation;
        this.shared = shared;
        this.offset = offset;
        this.deadline = shared.time().deadline(ScanDeadline.USUAL);
    }

    /** Completes once the last stable offset is above the record. Fails with UNAVAILABLE if that takes too long. */
    CompletableFuture<Void> visible() {
        return Loop.until(() -> stable > offset, this::poll);
    }

    private CompletableFuture<?> poll() {
        if (deadline.isPast()) {
            return CompletableFuture.failedFuture(late());
        }
        return shared.ports()
                .flushOffsets()
                .ends(pchannel)
                .handle((ends, error) -> {
                    stable = ends == null ? stable : ends.stable();
                    lastError = error;
                    return stable > offset;
                })
                .thenCompose(seen -> seen ? CompletableFuture.completedFuture(null) : pause());
    }

    private CompletableFuture<Void> pause() {
        return shared.time().pause(PAUSES.after(pauses++));
    }

    private WalException late() {
        var error = lastError;
        var problem = Problem.of(ErrorCode.UNAVAILABLE, operation)
                .pchannel(pchannel)
                .found("a last stable offset of " + stable + " after " + ScanDeadline.USUAL
                        + (error == null ? "" : "; before that: " + error.getMessage()))
                .expected("one above " + offset + ", the offset of a record whose commit was answered")
                .fix("check whether the transaction coordinator answers and whether another transaction is open on the"
                        + " partition; nothing was deleted");
        return (error == null ? problem : problem.cause(error)).exception();
    }
}
