package io.seawall.wal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A batch to append, and the conditions of the append; see {@link Wal#append(AppendRequest)}.
 *
 * @param batch the records, written all or none
 * @param ifTail the tail that the log must have, or null for any
 * @param writer the batch's number in a writer session, or null for none
 */
public record AppendRequest(
        List<WalRecord> batch,
        @Nullable Long ifTail,
        @Nullable WriterSeq writer) {
    /**
     * Takes an unchangeable copy of the list. This is not a compact constructor because javac 17 loses {@code @Nullable} there.
     *
     * @throws RequestException with {@link ErrorCode#INVALID} for a tail below 0
     */
    public AppendRequest(List<WalRecord> batch, @Nullable Long ifTail, @Nullable WriterSeq writer) {
        if (ifTail != null && ifTail < 0) {
            throw Problem.of(ErrorCode.INVALID, "append if the tail matches")
                    .found("ifTail " + ifTail)
                    .expected("an LSN of 0 or more")
                    .exception();
        }
        this.batch = List.copyOf(batch);
        this.ifTail = ifTail;
        this.writer = writer;
    }

    /** Returns a request without conditions. */
    public static AppendRequest of(List<WalRecord> batch) {
        return new AppendRequest(batch, null, null);
    }

    /** Returns a copy that is written only if the log's tail is this LSN. */
    public AppendRequest onlyIfTail(long tail) {
        return new AppendRequest(batch, tail, writer);
    }

    /** Returns a copy that is a batch of this writer session. */
    public AppendRequest by(WriterSeq session) {
        return new AppendRequest(batch, ifTail, session);
    }
}
