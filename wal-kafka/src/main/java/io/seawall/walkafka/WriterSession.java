package io.seawall.walkafka;

import io.seawall.wal.Appended;
import io.seawall.wal.WriterSeq;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one writer session.
 *
 * @param id its id
 * @param seq the number of its last batch
 * @param timestampMs CreateTime of its last record, in milliseconds since the epoch; later by as much as the log's time jumped
 *     since then, which does not count as age
 * @param batches its last batches without a gap, oldest first; the last of them has the number {@code seq}
 */
record WriterSession(String id, long seq, long timestampMs, List<Written> batches) {
    /**
     * Takes an unchangeable copy of the list, cut to the last that are remembered.
     *
     * @throws IllegalArgumentException for a session without a batch
     */
    WriterSession {
        if (batches.isEmpty()) {
            throw new IllegalArgumentException("session " + id + " without a batch");
        }
        batches = List.copyOf(batches.subList(Math.max(0, batches.size() - WriterSeq.REMEMBERED), batches.size()));
    }

    /**
     * Where a batch is.
     *
     * @param term the term that wrote it first
     * @param first its first LSN
     * @param count how many records it has
     */
    record Written(long term, long first, int count) {
        static Written of(SessionBatch batch) {
            return new Written(batch.term(), batch.first(), batch.count());
        }

        /** The answer to whoever sends the batch again. */
        Appended repeated() {
            return new Appended(term, first, first + count - 1, true);
        }
    }

    /** A session whose first known batch is this one. */
    static WriterSession begin(SessionBatch batch) {
        return new WriterSession(
                batch.writer().id(), batch.writer().seq(), batch.timestampMs(), List.of(Written.of(batch)));
    }

    /** The session with its next batch. */
    WriterSession plus(SessionBatch batch) {
        var more = new ArrayList<>(batches);
        more.add(Written.of(batch));
        return new WriterSession(id, batch.writer().seq(), batch.timestampMs(), more);
    }

    /** The session as if it had written later. */
    WriterSession movedBy(long laterMs) {
        return new WriterSession(id, seq, timestampMs + laterMs, batches);
    }

    /** Where a batch is, or null if that is not remembered. */
    @Nullable
    Written written(long number) {
        var back = seq - number;
        return back < 0 || back >= batches.size() ? null : batches.get((int) (batches.size() - 1 - back));
    }

    /** How many bytes {@link SessionsJson} needs for it, with the comma behind it. */
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
