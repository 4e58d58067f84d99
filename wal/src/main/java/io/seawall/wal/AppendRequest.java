package io.seawall.wal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One append: a batch, and what has to hold for it. What the conditions promise stands at {@link Wal#append(AppendRequest)}.
 *
 * @param batch the records, written all or none
 * @param ifTail the tail that the log has to have, or null for any
 * @param writer the batch's number in a writer session, or null for none
 */
public record AppendRequest(
        List<Record> batch, @Nullable Long ifTail, @Nullable WriterSeq writer) {
    /**
     * Takes an unchangeable copy of the list. Not in the short form, from which javac 17 loses the Nullable.
     *
     * @throws RequestException with {@link ErrorCode#INVALID} for a tail below 0
     */
    public AppendRequest(List<Record> batch, @Nullable Long ifTail, @Nullable WriterSeq writer) {
        if (ifTail != null && ifTail < 0) {
            throw Problem.of(ErrorCode.INVALID, "append on a condition")
                    .found("ifTail " + ifTail)
                    .expected("an LSN of 0 or more")
                    .exception();
        }
        this.batch = List.copyOf(batch);
        this.ifTail = ifTail;
        this.writer = writer;
    }

    /** A batch without conditions. */
    public static AppendRequest of(List<Record> batch) {
        return new AppendRequest(batch, null, null);
    }

    /** The same, written only if the log's tail is this LSN. */
    public AppendRequest onlyIfTail(long tail) {
        return new AppendRequest(batch, tail, writer);
    }

    /** The same, as a batch of a writer session. */
    public AppendRequest by(WriterSeq session) {
        return new AppendRequest(batch, ifTail, session);
    }
}
