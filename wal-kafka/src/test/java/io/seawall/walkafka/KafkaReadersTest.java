package io.seawall.walkafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.LogRecord;
import io.seawall.wal.PChannel;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.walkafka.port.LogCursors;
import io.seawall.walkafka.port.TopicAdmin;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a reader starts, while the owner goes on. */
class KafkaReadersTest {
    private final ManualTime time = new ManualTime();
    private final FakeLog log = new FakeLog(time);
    private int opens;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void aCommitWhileAReaderLooksForItsStartHidesNoRecord(int commitBeforeCursor) {
        // Given three records in an open lease, which commits before one of the cursors of the opening looks
        log.committed("1.0/0 snapshot");
        var lease = log.open("1.0/0", "1.0/1", "1.0/2");
        LogCursors cursors = (pchannel, isolation) -> {
            opens++;
            if (opens == commitBeforeCursor) {
                log.end(lease, true);
            }
            return log.cursor(isolation);
        };
        TopicAdmin topics = topic -> CompletableFuture.completedFuture(new TopicAdmin.Facts("id", 1, 1, Map.of()));
        var readers = new KafkaReaders(cursors, topics, time);

        try (var reader = readers.open(new PChannel("orders", 0), new StartPosition.AtLsn(0), View.LIVE)) {
            var records = reader.poll(10, Duration.ofSeconds(1));

            assertThat(records).extracting(LogRecord::lsn).containsExactly(0L, 1L, 2L);
        }
    }
}
