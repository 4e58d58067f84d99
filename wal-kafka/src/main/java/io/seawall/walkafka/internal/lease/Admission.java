package io.seawall.walkafka.internal.lease;

import io.seawall.wal.AppendRequest;
import io.seawall.wal.Appended;
import io.seawall.wal.Effect;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import io.seawall.wal.WriterSeq;
import io.seawall.walkafka.internal.format.WriterSessions;
import io.seawall.walkafka.internal.format.WriterSessions.Place;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether an append is written, at the moment when it would get its LSNs. The decision counts every append that got
 * LSNs before it, in flight or acknowledged. A repetition is recognized before {@code ifTail} is checked.
 */
public final class Admission {
    private final PChannel pchannel;
    private final WriterSessions sessions;

    Admission(PChannel pchannel, WriterSessions sessions) {
        this.pchannel = pchannel;
        this.sessions = sessions;
    }

    /** The answer to an append that is not written. It is given once every append before it is acknowledged. */
    sealed interface Reply {
        /** Completes the caller's future with this answer. */
        void complete(CompletableFuture<Appended> future);
    }

    /**
     * The batch was written before.
     *
     * @param appended the answer that it got then, marked as repeated
     */
    public record Repeated(Appended appended) implements Reply {
        @Override
        public void complete(CompletableFuture<Appended> future) {
            future.complete(appended);
        }
    }

    /**
     * The append must not be written.
     *
     * @param why the error for the caller
     */
    public record Refused(WalException why) implements Reply {
        @Override
        public void complete(CompletableFuture<Appended> future) {
            future.completeExceptionally(why);
        }
    }

    /**
     * Decides about an append.
     *
     * @param request the append
     * @param tail the LSN that its first record would get
     * @return the answer if the append is not written; null if it is to be written
     */
    @Nullable
    Reply reply(AppendRequest request, long tail) {
        var writer = request.writer();
        var placed = writer == null ? null : reply(request, writer, sessions.place(writer));
        return placed == null && request.ifTail() != null && request.ifTail() != tail
                ? new Refused(otherTail(request.ifTail(), tail))
                : placed;
    }

    private @Nullable Reply reply(AppendRequest request, WriterSeq writer, Place place) {
        if (place instanceof Place.Known known) {
            var count = known.written().count();
            return request.batch().size() == count
                    ? new Repeated(known.written().repeated())
                    : new Refused(otherBatch(writer, request.batch().size(), count));
        }
        if (place instanceof Place.Forgotten forgotten) {
            return new Refused(forgotten(writer, forgotten.expected()));
        }
        return place instanceof Place.Gap gap ? new Refused(gap(writer, gap.expected())) : null;
    }

    private WalException otherTail(long wanted, long tail) {
        return problem(ErrorCode.TAIL_MISMATCH)
                .found("tail " + tail)
                .expected("tail " + wanted + " (ifTail)")
                .fix("read the records that were appended in between, then decide again")
                .with("tail", tail)
                .exception();
    }

    private WalException otherBatch(WriterSeq writer, int found, int expected) {
        return problem(ErrorCode.INVALID)
                .found("batch " + writer + " with " + found + " records")
                .expected("the same " + expected + " records as the first time, or another sequence number")
                .exception();
    }

    private WalException forgotten(WriterSeq writer, long expected) {
        return gap(writer, expected, "which was appended long ago")
                .effect(Effect.APPLIED)
                .fix("do not send it again: the log has it, but keeps the LSNs of only the last " + WriterSeq.REMEMBERED
                        + " batches of a session")
                .exception();
    }

    private WalException gap(WriterSeq writer, long expected) {
        return expected == 0
                ? gap(writer, 0, "of a session that the log does not know")
                        .fix("start a session with a new id and seq 0: this one never wrote, or was forgotten")
                        .exception()
                : gap(writer, expected, "which skips sequence numbers")
                        .fix("send the missing batches first")
                        .exception();
    }

    private Problem gap(WriterSeq writer, long expected, String what) {
        return problem(ErrorCode.SEQUENCE_GAP)
                .found("batch " + writer + ", " + what)
                .expected("seq " + expected)
                .with("expectedSeq", expected);
    }

    private Problem problem(ErrorCode code) {
        return Problem.of(code, "append to " + pchannel).pchannel(pchannel);
    }
}
