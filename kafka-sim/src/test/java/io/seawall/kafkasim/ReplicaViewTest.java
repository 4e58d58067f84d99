package io.seawall.kafkasim;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.WalRecord;
import io.seawall.walkafka.port.LaneProducer.Outgoing;
import io.seawall.walkafka.port.LogCursor.Isolation;
import io.seawall.walkafka.port.LogCursor.Range;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Tests which end a leader reports while its high watermark is below the start of its own epoch (KIP-207). */
class ReplicaViewTest {
    private static final List<LogBatch> BATCHES = List.of(batch(0), batch(1), batch(2));

    @Test
    void aLeaderReportsItsEndOnceTheHighWatermarkReachesTheStartOfItsEpoch() {
        assertThat(view(3, 3).range(Isolation.UNCOMMITTED)).isEqualTo(new Range(0, 3));
        assertThat(view(3, 3).range(Isolation.COMMITTED)).isEqualTo(new Range(0, 1));
    }

    @Test
    void aLeaderReportsNoEndBeforeThat() {
        assertThat(view(2, 3).range(Isolation.UNCOMMITTED)).isNull();
        assertThat(view(2, 3).range(Isolation.COMMITTED)).isNull();
    }

    @Test
    void aLeaderThatIsDeposedBeforeThatNeverReportsAnEnd() {
        assertThat(view(2, 3).frozen().range(Isolation.UNCOMMITTED)).isNull();
        assertThat(view(3, 3).frozen().range(Isolation.UNCOMMITTED)).isEqualTo(new Range(0, 3));
    }

    @Test
    void anOffsetByTimeBelowTheHighWatermarkIsReportedAnyway() {
        assertThat(view(2, 3).offsetAt(1, Isolation.UNCOMMITTED)).isEqualTo(OptionalLong.of(1));
        assertThat(view(2, 3).offsetAt(2, Isolation.UNCOMMITTED)).isNull();
        assertThat(view(3, 3).offsetAt(9, Isolation.UNCOMMITTED)).isEqualTo(OptionalLong.empty());
    }

    private static ReplicaView view(long highWatermark, long epochStart) {
        return new ReplicaView(BATCHES, 0, 3, highWatermark, 1, epochStart);
    }

    private static LogBatch batch(long offset) {
        var record = WalRecord.of(new byte[0]);
        var header = "1.0 claim".getBytes(StandardCharsets.US_ASCII);
        return LogBatch.of(offset, ProducerIdentity.NONE, 0, List.of(new Outgoing(header, null, offset, record)));
    }
}
