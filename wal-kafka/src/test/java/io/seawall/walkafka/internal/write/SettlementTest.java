package io.seawall.walkafka.internal.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.AppendRequest;
import io.seawall.wal.WalRecord;
import io.seawall.walkafka.internal.lease.InFlight.Entry;
import io.seawall.walkafka.internal.lease.PendingAppend;
import io.seawall.walkafka.port.LaneFault;
import java.util.List;
import org.junit.jupiter.api.Test;

class SettlementTest {
    private final Entry first = entry(5, 1);
    private final Entry batch = entry(6, 3);
    private final Entry refused = entry(9, 1);
    private final Entry last = entry(10, 1);
    private final List<Entry> sent = List.of(first, batch, refused, last);

    @Test
    void entriesThatTheLogHasAreWritten() {
        assertThat(Settlement.of(sent, 11)).isEqualTo(new Settlement(sent, List.of(), List.of()));
    }

    @Test
    void entriesThatTheLogDoesNotHaveAreSentAgainInOrder() {
        assertThat(Settlement.of(sent, 5)).isEqualTo(new Settlement(List.of(), List.of(), sent));
    }

    @Test
    void aBatchThatTheLogHasInPartIsSentAgainWhole() {
        assertThat(Settlement.of(sent, 8).rest()).startsWith(batch);
    }

    @Test
    void aRefusedEntryFailsAlone() {
        refused.refuse(new LaneFault(LaneFault.Kind.TOO_LARGE, new IllegalStateException("planted")));

        var settled = Settlement.of(sent, 9);

        assertThat(settled).isEqualTo(new Settlement(List.of(first, batch), List.of(refused), List.of(last)));
    }

    private static Entry entry(long first, int count) {
        return new Entry(PendingAppend.of(AppendRequest.of(List.of(WalRecord.of(new byte[1])))), first, count, 65);
    }
}
