package io.seawall.kafkasim;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.walkafka.port.FlushOffsets;
import java.util.concurrent.CompletableFuture;

/** The offsets of the flusher's group, on simulated partitions. */
final class SimFlushOffsets implements FlushOffsets {
    private final SimKafka kafka;

    SimFlushOffsets(SimKafka kafka) {
        this.kafka = kafka;
    }

    @Override
    public CompletableFuture<Ends> ends(PChannel pchannel) {
        if (kafka.faults().strikes(Fault.ADMIN_TIMEOUT)) {
            return noAnswer("find the end of " + pchannel);
        }
        var view = kafka.partition(pchannel).answering();
        return view == null
                ? noAnswer("find the end of " + pchannel)
                : CompletableFuture.completedFuture(new Ends(view.lastStable(), view.highWatermark()));
    }

    @Override
    public CompletableFuture<Void> commit(PChannel pchannel, long offset) {
        if (kafka.faults().strikes(Fault.ADMIN_TIMEOUT)) {
            return noAnswer("commit the flush position of " + pchannel);
        }
        kafka.partition(pchannel).commitFlushOffset(offset);
        return CompletableFuture.completedFuture(null);
    }

    private static <T> CompletableFuture<T> noAnswer(String operation) {
        return CompletableFuture.failedFuture(
                Problem.of(ErrorCode.UNAVAILABLE, operation).found("no answer").exception());
    }
}
