package io.seawall.client.internal.write;

import io.seawall.api.v1.WalRecord;
import io.seawall.client.log.Ack;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One call of append: its records, which are written all or none, and the future that its caller has. */
final class PendingAppend {
    /** What an append costs in the buffer besides its records, so that empty ones are bounded too. */
    private static final int OVERHEAD_BYTES = 64;

    /** A tag and a length of up to five bytes before each record of a message. */
    private static final int FRAME_BYTES = 6;

    /** What a node counts for each header besides its bytes. */
    private static final int HEADER_OVERHEAD_BYTES = 10;

    final List<WalRecord> records;
    final @Nullable Long ifTail;
    final int messageBytes;
    final int largestRecordBytes;
    final CompletableFuture<Ack> future = new CompletableFuture<>();

    /** Completed after {@link #future}; guarded by the accumulator's lock. */
    @Nullable
    CompletableFuture<Void> flushed;

    /** Whether the future is completed; guarded by the accumulator's lock. */
    boolean done;

    PendingAppend(List<WalRecord> records, @Nullable Long ifTail) {
        this.records = records;
        this.ifTail = ifTail;
        var bytes = 0L;
        var largest = 0;
        for (var record : records) {
            bytes += record.getSerializedSize() + FRAME_BYTES;
            largest = Math.max(largest, sizeBytes(record));
        }
        this.messageBytes = (int) Math.min(bytes, Integer.MAX_VALUE / 2);
        this.largestRecordBytes = largest;
    }

    /** Returns the size that limits of a node count: key, value and headers with 10 bytes for each header. */
    private static int sizeBytes(WalRecord record) {
        var size = (long) record.getKey().size() + record.getValue().size();
        for (var header : record.getHeadersList()) {
            size += header.getKeyBytes().size() + header.getValue().size() + HEADER_OVERHEAD_BYTES;
        }
        return (int) Math.min(size, Integer.MAX_VALUE);
    }

    /** Returns what the append counts in the buffer. */
    long bufferedBytes() {
        return (long) messageBytes + OVERHEAD_BYTES;
    }
}
