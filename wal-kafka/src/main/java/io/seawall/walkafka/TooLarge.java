package io.seawall.walkafka;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.Record;
import io.seawall.wal.WalException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Words the refusal of an append by its size. */
final class TooLarge {
    private TooLarge() {}

    /**
     * For a record that the broker does not take.
     *
     * @param batch what was appended; Kafka does not say which record of it, so the largest is named
     * @param topicLimit what max.message.bytes of the topic was when it was looked at last; null if that is not known
     * @param fault what Kafka said
     */
    static WalException ofTheBroker(
            PChannel pchannel, List<Record> batch, @Nullable String topicLimit, @Nullable Throwable fault) {
        var largest = batch.stream().mapToInt(Record::sizeBytes).max().orElse(0);
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

    /** For a batch above the window. */
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
