package io.seawall.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.node.LogRestore.Restored;
import io.seawall.node.LogRestore.Task;
import io.seawall.node.config.NodeConfig;
import io.seawall.node.segments.SegmentArchive;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.LogRecord;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import io.seawall.wal.WalRestorer;
import io.seawall.walkafka.admin.LogHolder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which requests a restore of the golden log makes of Kafka: a gap 0 to 41, the records 42 to 59, terms up to 12. */
class LogRestoreTest {
    private static final PChannel SOURCE = PChannel.parse("orders-3");
    private static final PChannel COPY = PChannel.parse("copy-3");

    private final FakeTopics topics = new FakeTopics();
    private final SegmentArchive archive = SegmentArchive.open(new NodeConfig(Map.of(
            "node.id", "test",
            "kafka.bootstrap.servers", "unused.invalid:1",
            "segments.root", "../flusher/src/test/resources/golden/segments-1")));
    private final List<LogRecord> written = new ArrayList<>();
    private String asked = "";
    private Optional<LogHolder> holder = Optional.empty();

    @AfterEach
    void close() {
        archive.close();
    }

    @Test
    void writesEveryRecordAboveEveryTermThatTheSegmentsHaveSeen() {
        var restored = run(new Task(SOURCE, OptionalLong.empty(), COPY, OptionalLong.empty(), OptionalInt.empty()));

        assertThat(restored).isEqualTo(new Restored(COPY, 13, 42, 60));
        assertThat(asked).isEqualTo("copy-3 at term 13 from 42");
        assertThat(written)
                .extracting(LogRecord::lsn)
                .containsExactlyElementsOf(LongStream.range(42, 60).boxed().toList());
        assertThat(topics.calls)
                .as("as many pchannels as the old topic has")
                .singleElement()
                .asString()
                .contains("name=copy, pchannels=4");
    }

    @Test
    void theTermIsAboveThatOfTheTargetTooUnlessItIsGiven() {
        topics.with("copy", 4);
        holder = Optional.of(new LogHolder(20, 0, null, null));

        assertThat(run(new Task(SOURCE, OptionalLong.empty(), COPY, OptionalLong.empty(), OptionalInt.empty()))
                        .term())
                .isEqualTo(21);
        assertThat(run(new Task(SOURCE, OptionalLong.empty(), COPY, OptionalLong.of(99), OptionalInt.empty()))
                        .term())
                .isEqualTo(99);
        assertThat(topics.calls).isEmpty();
    }

    @Test
    void beginsWhereItIsToldTo() {
        var restored = run(new Task(SOURCE, OptionalLong.of(55), SOURCE, OptionalLong.empty(), OptionalInt.empty()));

        assertThat(restored.first()).isEqualTo(55);
        assertThat(written).hasSize(5);
    }

    @Test
    void refusesWhatTheSegmentsDoNotHaveBeforeATopicIsMade() {
        assertThatThrownBy(() ->
                        run(new Task(SOURCE, OptionalLong.of(41), COPY, OptionalLong.empty(), OptionalInt.empty())))
                .isInstanceOfSatisfying(
                        WalException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TRIMMED));
        assertThat(topics.calls).isEmpty();
    }

    @Test
    void refusesATopicThatIsTooSmall() {
        topics.with("copy", 3);

        assertThatThrownBy(() ->
                        run(new Task(SOURCE, OptionalLong.empty(), COPY, OptionalLong.empty(), OptionalInt.empty())))
                .hasMessageContaining("topic copy with 3 pchannels");
        assertThat(asked).isEmpty();
    }

    private Restored run(Task task) {
        WalRestorer restorer = (pchannel, term, first, records) -> {
            asked = pchannel + " at term " + term + " from " + first;
            records.forEachRemaining(written::add);
            return first + written.size(); // the result for a log without older records
        };
        written.clear();
        var watched = new ArrayList<LogRecord>();
        try {
            return new LogRestore(archive, topics, any -> holder, restorer).run(task, watched::add);
        } finally {
            assertThat(watched).isEqualTo(written);
        }
    }
}
