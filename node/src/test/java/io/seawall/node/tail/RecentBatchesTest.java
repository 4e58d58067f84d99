package io.seawall.node.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RecentBatchesTest {
    private final TestLog log = new TestLog();
    private final RecentBatches recent = new RecentBatches(1_000, 0, null);

    /** Adds a batch of one record. */
    private Batch added() {
        log.append(1);
        var batch = new Batch(log.records.subList(log.records.size() - 1, log.records.size()), (grown, bytes) -> {});
        recent.add(batch);
        return batch;
    }

    @Test
    void encodingsPushOutTheOldestBatches() {
        var first = added();
        var second = added();
        var weight = first.weightBytes();
        assertThat(recent.holding(0)).isSameAs(first);

        recent.grew(second, 700);

        assertThat(recent.holding(0)).isNull();
        assertThat(recent.holding(1)).isSameAs(second);
        assertThat(recent.bytes()).isEqualTo(weight + 700);
        recent.grew(first, 5_000); // by a reader that still has it
        assertThat(recent.bytes()).isEqualTo(weight + 700);
        var third = added();
        assertThat(recent.holding(1)).isNull();
        assertThat(recent.bytes()).isEqualTo(third.weightBytes());
    }

    @Test
    void theNewestBatchStaysHoweverLargeItIs() {
        added();
        var second = added();

        recent.grew(second, 10_000);

        assertThat(recent.holding(1)).isSameAs(second);
        assertThat(recent.holding(2)).as("a record to come").isNull();
        assertThat(recent.isNear(2)).isTrue();
    }

    @Test
    void aGapIsABug() {
        added();
        log.append(1); // not added

        assertThatThrownBy(this::added).hasMessage("a batch begins at LSN 2, expected 1");
    }
}
