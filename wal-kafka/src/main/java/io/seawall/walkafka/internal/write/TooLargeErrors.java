package io.seawall.walkafka.internal.write;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import io.seawall.wal.WalRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Creates the errors of appends that are too large. */
final class TooLargeErrors {
    private TooLargeErrors() {}

    /**
     * Returns the error for a record that the broker refuses.
     *
     * @param batch the appended records; Kafka does not say which one it refused, so the message names the size of the largest
     * @param topicLimit the topic's max.message.bytes when it was last described; null if unknown
     * @param fault Kafka's error, or null
     */
    static WalException ofTheBroker(
            PChannel pchannel, List<WalRecord> batch, @Nullable String topicLimit, @Nullable Throwable fault) {
        var largest = batch.stream().mapToInt(WalRecord::sizeBytes).max().orElse(0);
        var kafka = fault == null ? null : fault.getCause();
        return Problem.of(ErrorCode.TOO_LARGE, "append to " + pchannel)
                .pchannel(pchannel)
                .found("a record of " + largest + " bytes of key, value and headers, which the broker refuses"
                        + (kafka == null ? "" : ": " + kafka.getMessage()))
                .expected("at most " + (topicLimit == null ? "" : topicLimit + " bytes, which is ")
                        + "max.message.bytes of the topic, with Kafka's own fields")
                .fix("append smaller records, or raise max.message.bytes")
                .exception();
    }

    /** Returns the error for a batch that is larger than the window. */
    static WalException ofTheWindow(PChannel pchannel, long bytes, long windowBytes) {
        return Problem.of(ErrorCode.TOO_LARGE, "append to " + pchannel)
                .pchannel(pchannel)
                .with("limit", windowBytes)
                .found("a batch of " + bytes + " bytes of keys, values and headers")
                .expected("at most " + windowBytes + " (wal.window.bytes)")
                .fix("append smaller batches, or raise wal.window.bytes of the node")
                .exception();
    }
}
