package io.seawall.walkafka.internal.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.AppendRequest;
import io.seawall.wal.WalRecord;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests that appends complete in order, although acknowledgements come in any order. */
class InFlightTest {
    private final InFlight inFlight = new InFlight();
    private final InFlight.Entry first = entry(0, 1, 10);
    private final InFlight.Entry second = entry(1, 3, 20);
    private final InFlight.Entry third = entry(4, 1, 40);

    @Test
    void completesInTheOrderOfSending() {
        addAll();

        assertThat(acknowledge(third)).isEmpty();
        assertThat(acknowledge(first)).containsExactly(first);
        assertThat(acknowledge(second)).containsExactly(second, third);
        assertThat(inFlight.isEmpty()).isTrue();
    }

    @Test
    void countsTheBytesOfEntriesThatAreNotComplete() {
        addAll();
        acknowledge(third);

        assertThat(inFlight.bytes())
                .as("acknowledged out of order still takes room")
                .isEqualTo(70);
        acknowledge(first);
        assertThat(inFlight.bytes()).isEqualTo(60);
        acknowledge(second);
        assertThat(inFlight.bytes()).isZero();
    }

    @Test
    void removesAllEntriesThatAreNotCompleteEvenThoseAcknowledgedOutOfOrder() {
        addAll();
        acknowledge(third);
        acknowledge(first);

        assertThat(inFlight.removeAll()).containsExactly(second, third);
        assertThat(inFlight.isEmpty()).isTrue();
        assertThat(inFlight.bytes()).isZero();
    }

    @Test
    void controlRecordsHaveNoLsn() {
        var own = new InFlight.Entry(null, 5, 0, 10);

        assertThat(own.next()).isEqualTo(own.first());
        assertThat(second.next()).isEqualTo(4);
    }

    private List<InFlight.Entry> acknowledge(InFlight.Entry entry) {
        entry.acknowledgedAt(entry.first());
        var complete = new ArrayList<InFlight.Entry>();
        for (var head = inFlight.oldestIfComplete(); head != null; head = inFlight.oldestIfComplete()) {
            complete.add(head);
            inFlight.removeOldest();
        }
        return complete;
    }

    private void addAll() {
        for (var entry : new ArrayList<>(List.of(first, second, third))) {
            inFlight.add(entry);
        }
    }

    private static InFlight.Entry entry(long lsn, int count, long bytes) {
        return new InFlight.Entry(
                PendingAppend.of(AppendRequest.of(List.of(WalRecord.of(new byte[1])))), lsn, count, bytes);
    }
}
