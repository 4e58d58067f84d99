package io.seawall.walkafka.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import io.seawall.walkafka.internal.fake.FakePartition;
import io.seawall.walkafka.internal.fake.ManualTime;
import io.seawall.walkafka.port.LogCursor;
import io.seawall.walkafka.port.LogCursor.Isolation;
import io.seawall.walkafka.port.LogCursor.Range;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KafkaReaderCursorTest {
    private static final Duration SOON = Duration.ofMillis(100);
    private static final Duration LONG = KafkaReaderCursor.PATIENT;

    private final FakeAdmin admin = new FakeAdmin();
    private final FakePartition log = new FakePartition(new ManualTime());
    private final List<Duration> made = new ArrayList<>();

    @AfterEach
    void close() {
        admin.close(Duration.ZERO);
    }

    private LogCursor cursor(Isolation isolation) {
        return new KafkaReaderCursor(
                longestFetch -> {
                    made.add(longestFetch);
                    return log.cursor(isolation);
                },
                admin,
                "seawall-orders",
                PChannel.parse("orders-0"),
                isolation);
    }

    private static ErrorCode code(CompletableFuture<?> failed) {
        assertThat(failed).isCompletedExceptionally();
        var error =
                Objects.requireNonNull(failed.handle((done, thrown) -> thrown).join());
        return ((WalException) FutureErrors.unwrapped(error)).code();
    }

    @ParameterizedTest
    @CsvSource({"COMMITTED, 10", "UNCOMMITTED, 15"})
    void requestsOffsetsThroughTheAdminClient(Isolation isolation, long end) {
        admin.setEnds(10, 15);
        try (var cursor = cursor(isolation)) {
            assertThat(cursor.range().join()).isEqualTo(new Range(3, end));
            assertThat(cursor.offsetAt(1_234).join()).isEmpty();
        }
        assertThat(made).isEmpty();
        assertThat(admin.offsetRequests())
                .extracting(ListOffsetsOptions::timeoutMs)
                .as("each request has a timeout")
                .doesNotContainNull();
    }

    @Test
    void searchesWithShortFetchesAndFollowsWithLongOnes() {
        try (var cursor = cursor(Isolation.COMMITTED)) {
            cursor.fetch(0, SOON).join();
            cursor.fetch(0, SOON).join();
            assertThat(made)
                    .singleElement()
                    .satisfies(longest -> assertThat(longest).isLessThan(SOON));

            cursor.fetch(0, LONG).join();
            cursor.fetch(0, SOON).join();
            cursor.fetch(0, LONG).join();

            assertThat(made).hasSize(2).last().isEqualTo(LONG);
            assertThat(log.openCursors()).isEqualTo(1);
        }
        assertThat(log.openCursors()).isZero();
    }

    @Test
    void aClosedCursorFails() {
        var cursor = cursor(Isolation.COMMITTED);
        cursor.close();

        assertThat(code(cursor.range())).isEqualTo(ErrorCode.SHUTTING_DOWN);
        assertThat(code(cursor.offsetAt(0))).isEqualTo(ErrorCode.SHUTTING_DOWN);
        assertThat(code(cursor.fetch(0, LONG))).isEqualTo(ErrorCode.SHUTTING_DOWN);
        assertThat(made).isEmpty();
    }

    @Test
    void translatesErrorsOfKafka() {
        try (var cursor = cursor(Isolation.COMMITTED)) {
            admin.failOffsets(new TimeoutException("nobody answers"));
            assertThat(code(cursor.range())).isEqualTo(ErrorCode.UNAVAILABLE);

            admin.failOffsets(new UnknownTopicOrPartitionException("gone"));
            assertThat(code(cursor.range())).isEqualTo(ErrorCode.NOT_FOUND);
        }
    }
}
