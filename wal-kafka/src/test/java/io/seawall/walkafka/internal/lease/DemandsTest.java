package io.seawall.walkafka.internal.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.walkafka.port.Lane;
import io.seawall.walkafka.port.LaneFault;
import org.junit.jupiter.api.Test;

/** Tests the answers to a writer's questions after each demand. */
class DemandsTest {
    private final Demands demands = new Demands();

    @Test
    void withoutADemandNothingIsWanted() {
        assertThat(demands.isLeaseWanted(0)).isFalse();
        assertThat(demands.isRecordWanted(0)).isFalse();
        assertThat(demands.isCommitWanted(Lane.A, 0)).isFalse();
        assertThat(demands.isLeaving()).isFalse();
        assertThat(demands.isFinishing()).isFalse();
    }

    @Test
    void aCommitIsWantedUntilItHasBegun() {
        demands.commitBelow(7);
        demands.commitBelow(3);

        assertThat(demands.isCommitWanted(Lane.A, 6)).isTrue();
        assertThat(demands.isCommitWanted(Lane.A, 7)).isFalse();
        assertThat(demands.isLeaseWanted(0))
                .as("there may be nothing to commit")
                .isFalse();
    }

    @Test
    void aSendIsWantedUntilItIsSent() {
        demands.sends(3);

        assertThat(demands.isLeaseWanted(2)).isTrue();
        assertThat(demands.isSendWanted(2)).isTrue();
        assertThat(demands.isSendWanted(3)).isFalse();
        assertThat(demands.isLeaseWanted(3)).isFalse();
    }

    @Test
    void aSnapshotIsTakenOnceAndItsLaneIsToBeCommitted() {
        demands.snapshot();
        assertThat(demands.isRecordWanted(0)).isTrue();
        assertThat(demands.isSendWanted(0)).as("an append does not do instead").isFalse();

        assertThat(demands.takeSnapshot(Lane.B)).isTrue();

        assertThat(demands.takeSnapshot(Lane.B)).isFalse();
        assertThat(demands.isRecordWanted(0)).isFalse();
        assertThat(demands.isCommitWanted(Lane.A, 0)).isFalse();
        assertThat(demands.isCommitWanted(Lane.B, 0)).isTrue();
        demands.commitBegun(Lane.A);
        assertThat(demands.isCommitWanted(Lane.B, 0)).isTrue();
        demands.commitBegun(Lane.B);
        assertThat(demands.isCommitWanted(Lane.B, 0)).isFalse();
    }

    @Test
    void eachLeaseUsesOneLane() {
        demands.useLanes(2);

        demands.leaseBegun();
        assertThat(demands.isLeaseWanted(0)).isTrue();
        demands.leaseBegun();
        demands.leaseBegun();

        assertThat(demands.isLeaseWanted(0)).isFalse();
        demands.useLanes(1);
        assertThat(demands.isLeaseWanted(0)).isTrue();
    }

    @Test
    void aWriterThatFinishesCommitsEverythingAndUsesNoIdleLane() {
        demands.useLanes(2);

        demands.finish();
        assertThat(demands.isLeaseWanted(0)).isFalse();
        demands.useLanes(2);

        assertThat(demands.isFinishing()).isTrue();
        assertThat(demands.isLeaseWanted(0)).isFalse();
        assertThat(demands.isCommitWanted(Lane.A, Long.MAX_VALUE)).isTrue();
    }

    @Test
    void appendsBelowAnLsnAreSentAlone() {
        demands.sendAloneBelow(3);
        var inFlight = new InFlight();
        assertThat(demands.isSentAlone(inFlight)).as("nothing is in flight").isFalse();

        inFlight.add(new InFlight.Entry(null, 2, 0, 65));
        assertThat(demands.isSentAlone(inFlight)).isTrue();
        inFlight.removeAll();
        inFlight.add(new InFlight.Entry(null, 3, 0, 65));

        assertThat(demands.isSentAlone(inFlight)).isFalse();
    }

    @Test
    void aWriterThatLeavesKnowsWhy() {
        var fault = new LaneFault(LaneFault.Kind.UNAVAILABLE, new IllegalStateException("planted"));

        demands.leave(fault);

        assertThat(demands.isLeaving()).isTrue();
        assertThat(demands.leaving()).isSameAs(fault);
    }
}
