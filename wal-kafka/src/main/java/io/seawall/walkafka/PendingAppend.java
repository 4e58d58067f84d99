package io.seawall.walkafka;

import io.seawall.wal.AppendRequest;
import io.seawall.wal.Appended;
import io.seawall.wal.Record;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * An append that was accepted and not answered yet.
 *
 * @param request its records, at least one, and their conditions
 * @param sizeBytes what limits and windows count for it
 * @param future what the caller waits on
 */
record PendingAppend(AppendRequest request, long sizeBytes, CompletableFuture<Appended> future) {
    List<Record> batch() {
        return request.batch();
    }

    static PendingAppend of(AppendRequest request) {
        var size = 0L;
        for (var record : request.batch()) {
            size += RecordSizes.counted(record);
        }
        return new PendingAppend(request, size, new CompletableFuture<>());
    }

    /** Half of the producer's batch size: headers and Kafka's own fields need room too. */
    private static final int ONE_BATCH_BYTES = 64 * 1024;

    /** Whether it goes out as one batch of Kafka's producer. */
    boolean fitsOneProduceBatch() {
        return batch().size() == 1 || sizeBytes() < ONE_BATCH_BYTES;
    }
}
