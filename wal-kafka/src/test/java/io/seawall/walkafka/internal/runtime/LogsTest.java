package io.seawall.walkafka.internal.runtime;

import static io.seawall.walkafka.internal.fake.FakeKafka.PCHANNEL;
import static io.seawall.walkafka.internal.fake.ThrownErrors.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.walkafka.admin.LogHolder;
import io.seawall.walkafka.internal.fake.FakeKafka;
import io.seawall.walkafka.internal.fake.FakePartition;
import io.seawall.walkafka.internal.fake.TestRecords;
import io.seawall.walkafka.port.LogCursor.Isolation;
import io.seawall.walkafka.port.TopicAdmin;
import io.seawall.walkafka.settings.NodeIdentity;
import io.seawall.walkafka.settings.WalSettings;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Tests that the logs of a process open writers and readers, and that closing them leaves no client open. */
class LogsTest {
    private final FakeKafka kafka = new FakeKafka();
    private final Logs logs =
            Logs.on(kafka.ports(), WalSettings.defaults(), new NodeIdentity("n1", () -> "http://n1"), true);

    @Test
    void opensLogsAndReportsTheirHolders() {
        assertThat(logs.holder(PCHANNEL)).isEmpty();

        var wal = logs.opener().open(PCHANNEL, 7).wal().join();

        assertThat(wal.term()).isEqualTo(7);
        assertThat(logs.holder(PCHANNEL)).contains(new LogHolder(7, 0, "n1", "http://n1"));
        wal.close();
        assertThat(kafka.log().openCursors()).isZero();
    }

    @Test
    void theSearchForTheHolderIsBounded() {
        kafka.log().committed("7.0 claim");
        kafka.everyCursor(FakePartition.FakeCursor::stuck);

        var error = failure(() -> logs.holder(PCHANNEL));

        assertThat(error.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(error).hasMessageContaining("find the holder of orders-0");
        assertThat(kafka.log().openCursors()).isZero();
    }

    @Test
    void refusesATermBelowZeroWithoutARequest() {
        var opener = logs.opener();

        var error = failure(() -> Objects.requireNonNull(opener.open(PCHANNEL, -1)));

        assertThat(error.code()).isEqualTo(ErrorCode.INVALID);
        assertThat(kafka.cursors()).isEmpty();
    }

    @Test
    void refusesOpeningsAfterTheClose() {
        logs.close();

        assertThat(failure(logs.opener().open(PCHANNEL, 7).wal()).code()).isEqualTo(ErrorCode.SHUTTING_DOWN);
        assertThat(kafka.lanes()).isEmpty();
    }

    @Test
    void closingTheOpenerCancelsOpeningsAndLeavesOpenLogs() {
        var open = logs.opener().open(PCHANNEL, 7).wal().join();
        var described = new CompletableFuture<TopicAdmin.Facts>();
        kafka.withTopics(topic -> described);
        var opener = logs.opener();
        var underWay = opener.open(PCHANNEL, 8);

        opener.close();
        described.complete(kafka.facts());

        assertThat(failure(underWay.wal()).code()).isEqualTo(ErrorCode.SHUTTING_DOWN);
        assertThat(open.append(List.of(TestRecords.record("a")))).isCompleted();
        assertThat(kafka.log().live()).noneMatch(header -> header.startsWith("8."));
    }

    @Test
    void closingClosesReaders() {
        kafka.log().committed("7.0/0 snapshot", "7.0/0");
        var reader = logs.readers().open(PCHANNEL, StartPosition.oldest(), View.LIVE);
        assertThat(logs.readerStats().readers()).isEqualTo(1);

        logs.close();

        assertThat(failure(() -> reader.poll(1, Duration.ZERO)).code()).isEqualTo(ErrorCode.SHUTTING_DOWN);
        assertThat(kafka.log().openCursors()).isZero();
        assertThat(logs.readerStats().readers()).isZero();
    }

    @Test
    void refusesToReadAMissingPartition() {
        kafka.withTopics(topic -> CompletableFuture.completedFuture(
                new TopicAdmin.Facts("id-1", 0, 3, kafka.facts().settings())));

        var error = failure(() -> logs.readers().bounds(PCHANNEL, View.LIVE));

        assertThat(error.code()).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(kafka.log().entries(Isolation.UNCOMMITTED)).isEmpty();
    }
}
