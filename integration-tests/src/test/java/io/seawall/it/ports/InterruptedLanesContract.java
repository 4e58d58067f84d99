package io.seawall.it.ports;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.PChannel;
import io.seawall.walkafka.port.Lane;
import io.seawall.walkafka.port.LaneFault.Kind;
import io.seawall.walkafka.port.LaneProducer;
import io.seawall.walkafka.port.LogCursor.Isolation;
import org.junit.jupiter.api.Test;

/** Lanes that are interrupted without a rival: timeouts, expired ids, lost coordinators; docs/kafka.md#producer-errors. */
abstract class InterruptedLanesContract extends ContractSteps {
    @Override
    abstract InterruptibleKafka kafka();

    @Test
    void aTransactionThatRanIntoItsTimeoutTakesNothingMore() {
        var pchannel = kafka().newTopic("late-send");
        var lane = timedOut(pchannel);

        assertFails(sent(lane, record("late")), Kind.FENCED);
        assertFails(lane.commit(), Kind.FENCED);

        assertThat(values(pchannel, Isolation.UNCOMMITTED)).containsExactly("acknowledged");
        assertThat(values(pchannel, Isolation.COMMITTED)).isEmpty();
        lane.close();
    }

    @Test
    void aTransactionThatRanIntoItsTimeoutCannotBeCommitted() {
        var pchannel = kafka().newTopic("late-commit");
        var lane = timedOut(pchannel);

        assertFails(lane.commit(), Kind.FENCED);
        lane.close();
        var again = initialized(pchannel, Lane.A);
        commit(again, "next");

        kafka().eventually(
                        () -> assertThat(values(pchannel, Isolation.COMMITTED)).containsExactly("next"));
        again.close();
    }

    /** Returns a producer in whose transaction a record was acknowledged before the coordinator aborted it. */
    private LaneProducer timedOut(PChannel pchannel) {
        var lane = kafka().hastyPorts().producers().create(pchannel, Lane.A);
        await(lane.init());
        lane.begin();
        send(lane, "acknowledged");
        // the record and the marker
        kafka().eventually(() -> assertThat(end(pchannel, Isolation.COMMITTED)).isEqualTo(2));
        return lane;
    }

    @Test
    void anIdThatKafkaForgotIsRefusedUntilItIsInitializedAgain() {
        var pchannel = kafka().newTopic("forgotten");
        var lane = initialized(pchannel, Lane.A);
        commit(lane, "before");
        kafka().forgetIds(pchannel, Lane.A);

        lane.begin();
        assertFails(sent(lane, record("lost")), Kind.FENCED);
        assertFails(lane.commit(), Kind.FENCED);
        lane.close();
        var again = initialized(pchannel, Lane.A);
        commit(again, "after");

        assertThat(values(pchannel, Isolation.UNCOMMITTED)).containsExactly("before", "after");
        again.close();
    }

    @Test
    void anOpenTransactionOutlivesItsCoordinator() {
        var pchannel = kafka().newTopic("outlives");
        var lane = initialized(pchannel, Lane.A);
        lane.begin();
        send(lane, "a");

        kafka().loseCoordinators();
        send(lane, "b");
        await(lane.commit());

        kafka().eventually(
                        () -> assertThat(values(pchannel, Isolation.COMMITTED)).containsExactly("a", "b"));
        lane.close();
    }

    @Test
    void anInitFencesThroughACoordinatorThatComesBack() {
        var pchannel = kafka().newTopic("comes-back");
        var stale = initialized(pchannel, Lane.A);
        stale.begin();
        send(stale, "acknowledged");

        kafka().loseCoordinators();
        var owner = initialized(pchannel, Lane.A);

        assertFails(stale.commit(), Kind.FENCED);
        commit(owner, "next");
        kafka().eventually(
                        () -> assertThat(values(pchannel, Isolation.COMMITTED)).containsExactly("next"));
        stale.close();
        owner.close();
    }
}
