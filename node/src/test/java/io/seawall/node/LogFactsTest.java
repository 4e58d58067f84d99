package io.seawall.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.LogBounds;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import io.seawall.walkafka.admin.LogHolder;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LogFactsTest {
    private static final PChannel LOG = new PChannel("orders", 0);

    private final StepClock clock = new StepClock();
    private final FakeReaders readers = new FakeReaders();
    private final LogFacts facts = new LogFacts(readers, pchannel -> Optional.<LogHolder>empty(), clock);

    @Test
    void asksALogOnceInTwoSeconds() {
        facts.bounds(LOG);
        readers.tail(LOG, 9);
        clock.forward(Duration.ofMillis(1_999));

        var kept = facts.bounds(LOG);

        assertThat(kept).isEqualTo(new LogBounds(0, 0));
        assertThat(readers.asked()).isEqualTo(1);
    }

    @Test
    void asksAgainAfterTwoSeconds() {
        facts.bounds(LOG);
        readers.tail(LOG, 9);
        clock.forward(Duration.ofSeconds(2));

        var fresh = facts.bounds(LOG);

        assertThat(fresh).isEqualTo(new LogBounds(0, 9));
    }

    @Test
    void asksEachLogForItself() {
        readers.tail(new PChannel("orders", 1), 3);
        facts.bounds(LOG);

        var other = facts.bounds(new PChannel("orders", 1));

        assertThat(other.tail()).isEqualTo(3);
    }

    @Test
    void asksAgainAfterALogWasForgotten() {
        facts.bounds(LOG);
        readers.tail(LOG, 9);
        facts.forget(LOG);

        var fresh = facts.bounds(LOG);

        assertThat(fresh.tail()).isEqualTo(9);
    }

    @Test
    void doesNotKeepAFailure() {
        readers.failWith(ErrorCode.UNAVAILABLE);
        assertThatThrownBy(() -> facts.bounds(LOG)).isInstanceOf(WalException.class);
        readers.failWith(null);

        var bounds = facts.bounds(LOG);

        assertThat(bounds.tail()).isZero();
    }
}
