package io.seawall.walkafka.internal.format;

import io.seawall.wal.Appended;
import io.seawall.wal.WriterSeq;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The remembered state of one writer session.
 *
 * @param id the session's id
 * @param seq the sequence number of its last batch
 * @param timestampMs CreateTime of its last record, in milliseconds since the epoch, plus the later pauses of the log that do not
 *     count as age
 * @param batches its last batches without a gap, oldest first; the last of them has the number {@code seq}
 */
public record WriterSession(String id, long seq, long timestampMs, List<Written> batches) {
    /**
     * Copies the last {@link WriterSeq#REMEMBERED} batches.
     *
     * @throws IllegalArgumentException if there is no batch
     */
    public WriterSession {
        if (batches.isEmpty()) {
            throw new IllegalArgumentException("session " + id + " without a batch");
        }
        batches = List.copyOf(batches.subList(Math.max(0, batches.size() - WriterSeq.REMEMBERED), batches.size()));
    }

    /**
     * A batch that was written.
     *
     * @param term the term that wrote it first
     * @param first its first LSN
     * @param count the number of its records
     */
    public record Written(long term, long first, int count) {
        static Written of(SessionBatch batch) {
            return new Written(batch.term(), batch.first(), batch.count());
        }

        /** Returns the answer to a caller that sends the batch again. */
        public Appended repeated() {
            return new Appended(term, first, first + count - 1, true);
        }
    }

    /** Returns a session whose first known batch is this one. */
    static WriterSession begin(SessionBatch batch) {
        return new WriterSession(
                batch.writer().id(), batch.writer().seq(), batch.timestampMs(), List.of(Written.of(batch)));
    }

    /** Returns the session with its next batch. */
    WriterSession plus(SessionBatch batch) {
        var more = new ArrayList<>(batches);
        more.add(Written.of(batch));
        return new WriterSession(id, batch.writer().seq(), batch.timestampMs(), more);
    }

    /** Returns the session as if its last batch had been written this much later. */
    WriterSession movedBy(long laterMs) {
        return new WriterSession(id, seq, timestampMs + laterMs, batches);
    }

    /** Returns the batch with a sequence number, or null if it is not remembered. */
    @Nullable
    Written written(long number) {
        var back = seq - number;
        return back < 0 || back >= batches.size() ? null : batches.get((int) (batches.size() - 1 - back));
    }

    /** Returns how many bytes {@link SessionsJson} writes for this session, with the comma after it. */
    int encodedBytes() {
        var size = "[\"\",,],".length() + id.length() + digits(seq) + digits(timestampMs);
        for (var batch : batches) {
            size += ",,,".length() + digits(batch.term()) + digits(batch.first()) + digits(batch.count());
        }
        return size;
    }

    private static int digits(long number) {
        var digits = 1;
        for (var rest = number / 10; rest > 0; rest /= 10) {
            digits++;
        }
        return digits;
    }
}
