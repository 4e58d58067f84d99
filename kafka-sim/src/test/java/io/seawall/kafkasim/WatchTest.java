package io.seawall.kafkasim;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.walkafka.port.Lane;
import io.seawall.walkafka.port.LaneFault.Kind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchTest {
    private static final String ID = SimKafka.transactionalId(SimWorld.PCHANNEL, Lane.A);

    private final SimWorld world = new SimWorld(Faults.none(1), false);
    private final Watch watch = world.watch();
    private final SimNode node = world.newNode();

    @BeforeEach
    void open() {
        var opening = node.open(SimWorld.PCHANNEL, 1);
        assertThat(world.loop().runUntil(() -> opening.wal().isDone(), 10_000_000))
                .isTrue();
        world.loop().runFor(1_000_000);
    }

    @Test
    void anOpenLogThatIsFencedMustGiveItsRivalAGracePeriod() {
        watch.failed(node.process(), ID, Kind.FENCED);
        watch.initializing(node.process(), ID);

        assertThat(world.violations().first()).contains("gives a rival no grace");
    }

    @Test
    void otherErrorsNeedNoGracePeriod() {
        watch.failed(node.process(), ID, Kind.UNAVAILABLE);
        watch.initializing(node.process(), ID);

        assertThat(world.violations().first()).isNull();
    }

    /**
     * Seeds 2175, 9369, 9401 and 11465 of the second workload: an earlier snapshot was taken for the end of the takeover.
     */
    @Test
    void aFencedTakeoverNeedsNoGracePeriodWhateverIsCommittedLate() {
        watch.initializing(node.process(), ID);
        commitASnapshot();
        watch.failed(node.process(), ID, Kind.FENCED);
        watch.initializing(node.process(), ID);

        assertThat(world.violations().first()).isNull();
    }

    private void commitASnapshot() {
        var log = node.owned().get(0);
        for (var left = 6; left > 0; left--) {
            node.append(log, 1, 500);
        }
        world.loop().runFor(5_000_000);
        world.log().catchUp();
        assertThat(world.log().committedTail()).isEqualTo(6);
    }
}
