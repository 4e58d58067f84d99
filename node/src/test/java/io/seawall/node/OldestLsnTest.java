package io.seawall.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.PChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;

class OldestLsnTest {
    private static final PChannel FIRST = new PChannel("orders", 0);
    private static final PChannel SECOND = new PChannel("orders", 1);

    private final StepClock clock = new StepClock();
    private final List<Collection<PChannel>> looks = new ArrayList<>();
    private final StubWal log = new StubWal(FIRST, 7);
    private final OldestLsn oldest = new OldestLsn((wal, wait) -> wal.oldest(), looks::add, clock);

    @Test
    void kafkaIsLookedAtBeforeTheOwnerIsAsked() {
        var told = new OldestLsn((wal, wait) -> looks.size(), looks::add, clock);

        assertThat(told.of(log, TieredReads.Oldest.SHORTLY)).isEqualTo(1);
    }

    @Test
    void anAnswerIsGoodForTwoSeconds() {
        oldest.of(log, TieredReads.Oldest.SHORTLY);
        clock.forward(Duration.ofMillis(1_999));
        oldest.of(log, TieredReads.Oldest.SHORTLY);
        assertThat(looks).hasSize(1);

        clock.forward(Duration.ofMillis(1));
        oldest.of(log, TieredReads.Oldest.SHORTLY);

        assertThat(looks).hasSize(2);
    }

    @Test
    void manyAreAskedForAtOnce() {
        oldest.of(log, TieredReads.Oldest.SHORTLY);

        oldest.refresh(List.of(FIRST, SECOND));

        assertThat(looks).containsExactly(List.of(FIRST), List.of(SECOND));
    }

    @Test
    void whoeverDoesNotWaitAsksNobody() {
        oldest.of(log, Duration.ZERO);

        assertThat(looks).isEmpty();
    }
}
