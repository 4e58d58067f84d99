package io.seawall.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.node.ports.PChannelStatus.Positions;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import io.seawall.walkafka.admin.LogHolder;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LogFactsTest {
    private static final PChannel LOG = new PChannel("orders", 0);

    private final StepClock clock = new StepClock();
    private final FakeReaders readers = new FakeReaders();
    private OptionalLong stored = OptionalLong.empty();
    private final LogFacts facts =
            new LogFacts(readers, pchannel -> Optional.<LogHolder>empty(), pchannel -> stored, clock);

    @Test
    void asksALogOnceInTwoSeconds() {
        assertThat(facts.reads().positions(LOG)).isPresent();
        readers.tail(LOG, 9);
        clock.forward(Duration.ofMillis(1_999));

        var kept = facts.reads().positions(LOG).orElseThrow();

        assertThat(kept).isEqualTo(new Positions(0, 0, 0));
        assertThat(readers.asked()).isEqualTo(1);
    }

    @Test
    void asksTheStoreTogetherWithTheLog() {
        stored = OptionalLong.of(5);
        assertThat(facts.reads(Duration.ZERO).positions(LOG)).isEmpty();
        assertThat(facts.reads().positions(LOG)).contains(new Positions(0, 0, 5));
        stored = OptionalLong.of(9);
        assertThat(facts.reads().positions(LOG)).contains(new Positions(0, 0, 5));

        clock.forward(Duration.ofSeconds(2));

        assertThat(facts.reads(Duration.ZERO).positions(LOG))
                .as("what was read before")
                .contains(new Positions(0, 0, 5));
        assertThat(facts.reads().positions(LOG)).contains(new Positions(0, 0, 9));
    }

    @Test
    void asksAgainAfterTwoSeconds() {
        assertThat(facts.reads().positions(LOG)).isPresent();
        readers.tail(LOG, 9);
        clock.forward(Duration.ofSeconds(2));

        var fresh = facts.reads().positions(LOG).orElseThrow();

        assertThat(fresh).isEqualTo(new Positions(0, 9, 0));
    }

    @Test
    void asksEachLogForItself() {
        readers.tail(new PChannel("orders", 1), 3);
        assertThat(facts.reads().positions(LOG)).isPresent();

        var other = facts.reads().positions(new PChannel("orders", 1)).orElseThrow();

        assertThat(other.tail()).isEqualTo(3);
    }

    @Test
    void asksAgainAfterALogWasForgotten() {
        assertThat(facts.reads().positions(LOG)).isPresent();
        readers.tail(LOG, 9);
        facts.forget(LOG);

        var fresh = facts.reads().positions(LOG).orElseThrow();

        assertThat(fresh.tail()).isEqualTo(9);
    }

    @Test
    void doesNotKeepAFailure() {
        readers.failWith(ErrorCode.UNAVAILABLE);
        assertThatThrownBy(() -> facts.reads().positions(LOG)).isInstanceOf(WalException.class);
        readers.failWith(null);

        var bounds = facts.reads().positions(LOG).orElseThrow();

        assertThat(bounds.tail()).isZero();
    }

    @Test
    void doesNotBeginAReadAfterTheTimeLimit() {
        var reads = facts.reads(Duration.ofSeconds(1));
        readers.tail(LOG, 9);
        clock.forward(Duration.ofSeconds(1));

        assertThat(reads.positions(LOG)).isEmpty();
        assertThat(readers.asked()).isZero();
    }

    @Test
    void returnsWhatWasReadBeforeAfterTheTimeLimit() {
        assertThat(facts.reads().positions(LOG)).isPresent();
        readers.tail(LOG, 9);
        var reads = facts.reads(Duration.ofSeconds(1));
        clock.forward(Duration.ofSeconds(10));

        assertThat(reads.positions(LOG)).contains(new Positions(0, 0, 0));
    }

    @Test
    void readsWithinTheTimeLimit() {
        var reads = facts.reads(Duration.ofSeconds(1));
        readers.tail(LOG, 9);
        clock.forward(Duration.ofMillis(999));

        assertThat(reads.positions(LOG)).contains(new Positions(0, 9, 0));
    }
}
