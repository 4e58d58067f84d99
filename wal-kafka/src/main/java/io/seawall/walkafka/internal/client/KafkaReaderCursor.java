package io.seawall.walkafka.internal.client;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import io.seawall.walkafka.port.LogCursor;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The cursor of a reader. It requests offsets through the admin client and fetches through a consumer. Kafka answers the requests of
 * a connection in order, and a consumer always has a fetch in progress. So a request for an offset on that connection would wait
 * behind a fetch that waits for records at the end of the log. For the same reason the fetches of a search, which jumps back and
 * forth, are short. Once a caller waits {@link #PATIENT} or longer, fetches become long, so that a quiet log costs few requests.
 */
final class KafkaReaderCursor implements LogCursor {
    /** A caller that waits this long follows the log and does not search it. */
    static final Duration PATIENT = LONGEST_WAIT;

    private static final Duration SHORT = Duration.ofMillis(20);
    private static final int LONGEST_ANSWER_MS = 10_000;

    private final Function<Duration, LogCursor> cursors;
    private final Admin admin;
    private final PChannel pchannel;
    private final TopicPartition partition;
    private final Isolation isolation;
    private @Nullable LogCursor fetching; // guarded by this
    private boolean patient; // guarded by this; whether fetches are long
    private boolean closed; // guarded by this

    /**
     * Creates a cursor.
     *
     * @param cursors creates the cursor that fetches, given the longest time that one of its fetches may take; this object closes
     *     it
     * @param admin answers requests for offsets
     * @param topic the topic's name in Kafka
     */
    KafkaReaderCursor(
            Function<Duration, LogCursor> cursors, Admin admin, String topic, PChannel pchannel, Isolation isolation) {
        this.cursors = cursors;
        this.admin = admin;
        this.pchannel = pchannel;
        this.partition = new TopicPartition(topic, pchannel.partition());
        this.isolation = isolation;
    }

    /** Asks for the start first: it is never above an end that is asked for later. */
    @Override
    public CompletableFuture<Range> range() {
        return ask(OffsetSpec.earliest())
                .thenCompose(
                        start -> ask(OffsetSpec.latest()).thenApply(end -> new Range(start.offset(), end.offset())));
    }

    @Override
    public CompletableFuture<OptionalLong> offsetAt(long timestampMs) {
        return ask(OffsetSpec.forTimestamp(timestampMs))
                .thenApply(found -> found.offset() < 0 ? OptionalLong.empty() : OptionalLong.of(found.offset()));
    }

    private CompletableFuture<ListOffsetsResultInfo> ask(OffsetSpec spec) {
        if (isClosed()) {
            return CompletableFuture.failedFuture(closedReader());
        }
        var level = isolation == Isolation.COMMITTED ? IsolationLevel.READ_COMMITTED : IsolationLevel.READ_UNCOMMITTED;
        var options = new ListOffsetsOptions(level).timeoutMs(LONGEST_ANSWER_MS);
        var answer = admin.listOffsets(Map.of(partition, spec), options).partitionResult(partition);
        return KafkaTopicAdmin.future(answer)
                .exceptionallyCompose(error ->
                        CompletableFuture.failedFuture(KafkaErrors.walException("read " + pchannel, pchannel, error)));
    }

    @Override
    public CompletableFuture<Fetched> fetch(long from, Duration wait) {
        var cursor = fetching(wait);
        return cursor == null ? CompletableFuture.failedFuture(closedReader()) : cursor.fetch(from, wait);
    }

    /** Returns the cursor to fetch with, or null if this one is closed. */
    private synchronized @Nullable LogCursor fetching(Duration wait) {
        if (closed) {
            return null;
        }
        var turnsPatient = !patient && wait.compareTo(PATIENT) >= 0;
        if (fetching == null || turnsPatient) {
            closeFetching();
            patient = turnsPatient;
            fetching = cursors.apply(patient ? PATIENT : SHORT);
        }
        return fetching;
    }

    private void closeFetching() {
        if (fetching != null) {
            fetching.close();
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private WalException closedReader() {
        return Problem.of(ErrorCode.SHUTTING_DOWN, "read " + pchannel)
                .pchannel(pchannel)
                .found("a closed reader")
                .exception();
    }

    @Override
    public synchronized void close() {
        closed = true;
        closeFetching();
    }
}
