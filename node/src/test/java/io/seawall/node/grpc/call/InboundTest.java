package io.seawall.node.grpc.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What calls take from the budget of the node, and what happens when it is used up. */
class InboundTest {
    private static final int RESERVE = GrpcLimits.RESERVE_BYTES;
    private static final int MOST = 10 * RESERVE;

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger closed = new AtomicInteger();
    private final List<String> stops = new ArrayList<>();
    private final MessageBudget budget = new MessageBudget(4 * RESERVE);

    private Inbound call() {
        var call = new Inbound(budget, MOST, nanos::get, closed::incrementAndGet);
        call.stopWith(new Inbound.Stop() {
            @Override
            public void tooLarge(int mostBytes) {
                stops.add("larger than " + mostBytes);
            }

            @Override
            public void overloaded() {
                stops.add("overloaded");
            }
        });
        return call;
    }

    @Test
    void aMessageTakesItsBytesUntilTheyAreReleased() {
        var call = call();
        call.request(() -> {});
        assertThat(budget.held()).isEqualTo(RESERVE);

        call.inboundWireSize(RESERVE - 1);
        call.inboundWireSize(2);
        assertThat(budget.held()).as("more has arrived than was reserved").isEqualTo(RESERVE + 1);

        var held = call.received(0);

        assertThat(held).isEqualTo(RESERVE + 1);
        call.release(held);
        assertThat(budget.held()).isZero();
    }

    @Test
    void aSmallMessageGivesBackWhatItDidNotNeed() {
        var call = call();
        call.request(() -> {});
        call.inboundWireSize(10);

        assertThat(call.received(30))
                .as("it takes more memory than it had bytes")
                .isEqualTo(30);
        assertThat(budget.held()).isEqualTo(30);
    }

    @Test
    void callsWaitForRoomInTheOrderInWhichTheyAsked() {
        var asked = new ArrayList<Integer>();
        var first = call();
        for (var at = 0; at < 4; at++) {
            first.request(() -> asked.add(0));
        }
        call().request(() -> asked.add(1));
        call().request(() -> asked.add(2));
        assertThat(asked).containsExactly(0, 0, 0, 0);
        assertThat(budget.waiting()).isEqualTo(2);

        first.inboundWireSize(1);
        first.release(first.received(0));

        assertThat(asked).as("four reservations of one message came back").containsExactly(0, 0, 0, 0, 1, 2);
    }

    @Test
    void aCallThatIsOverWhenRoomComesLeavesItToTheNext() {
        var asked = new ArrayList<Integer>();
        var full = call();
        for (var at = 0; at < 4; at++) {
            full.request(() -> {});
        }
        var gone = call();
        gone.request(() -> asked.add(1));
        call().request(() -> asked.add(2));
        gone.streamClosed(Status.CANCELLED);

        full.streamClosed(Status.OK);

        assertThat(asked).containsExactly(2);
        assertThat(budget.held()).isEqualTo(RESERVE);
        assertThat(closed).hasValue(2);
    }

    /** Clients that give up and come again must not fill the line while there is no room, nor the stack when there is. */
    @Test
    void callsThatEndWhileTheyWaitLeaveTheLine() {
        var asked = new ArrayList<Integer>();
        var full = call();
        for (var at = 0; at < 4; at++) {
            full.request(() -> {});
        }
        for (var at = 0; at < 100_000; at++) {
            var gone = call();
            gone.request(() -> asked.add(1));
            gone.streamClosed(Status.CANCELLED);
            gone.request(() -> asked.add(2));
        }
        assertThat(budget.waiting()).isZero();

        full.streamClosed(Status.OK);

        assertThat(asked).isEmpty();
        assertThat(budget.held()).isZero();
    }

    @Test
    void aMessageThatFindsNoRoomEndsItsCallOnce() {
        var call = call();
        call.inboundWireSize(5L * RESERVE);
        call.inboundWireSize(1);

        assertThat(stops).containsExactly("overloaded");
        assertThat(budget.held()).isZero();
    }

    @Test
    void aMessageThatIsTooLargeEndsItsCall() {
        var call = call();
        call.inboundWireSize(MOST + 1L);

        assertThat(stops).containsExactly("larger than " + MOST);
    }

    @Test
    void theEndOfACallGivesBackWhatItHolds() {
        var call = call();
        call.request(() -> {});
        call.inboundWireSize(2L * RESERVE);

        call.streamClosed(Status.CANCELLED);
        call.streamClosed(Status.CANCELLED);
        call.inboundWireSize(RESERVE);

        assertThat(budget.held()).isZero();
        assertThat(closed).hasValue(1);
        assertThat(stops).isEmpty();
    }

    @Test
    void aFirstMessageThatDoesNotComeIsSlowAndAnIdleCallIsNot() {
        var call = call();
        assertThat(call.isSlow(1_000, 1_000)).isFalse();
        pass(1_001);
        assertThat(call.isSlow(1_000, 1_000)).isTrue();

        call.inboundWireSize(1_000);
        assertThat(call.isSlow(1_000, 1_000))
                .as("1,000 bytes have a second more")
                .isFalse();
        call.received(0);
        pass(60_000);
        assertThat(call.isSlow(1_000, 1_000)).as("no message has begun").isFalse();

        call.inboundWireSize(1);
        pass(1_000);
        assertThat(call.isSlow(1_000, 1_000)).isFalse();
        pass(2);
        assertThat(call.isSlow(1_000, 1_000)).as("a message that has begun").isTrue();
    }

    /** The node has no room: that is not the client's fault, and ends with an error of the node. */
    @Test
    void aCallThatWaitsForRoomIsHeldUpAndNotSlow() {
        var full = call();
        for (var at = 0; at < 4; at++) {
            full.request(() -> {});
        }
        full.inboundWireSize(1);
        var call = call();
        call.request(() -> {});
        assertThat(call.isHeldUp(1_000)).isFalse();
        pass(1_001);
        assertThat(call.isSlow(1_000, 1_000)).isFalse();
        assertThat(call.isHeldUp(1_000)).isTrue();

        full.streamClosed(Status.OK);

        assertThat(call.isHeldUp(1_000)).isFalse();
        assertThat(call.isSlow(1_000, 1_000))
                .as("its time begins with the room")
                .isFalse();
        pass(1_001);
        assertThat(call.isSlow(1_000, 1_000)).isTrue();
    }

    @Test
    void aCallThatHadAMessageMayWaitForRoom() {
        var full = call();
        for (var at = 0; at < 4; at++) {
            full.request(() -> {});
        }
        var call = call();
        call.received(0);
        call.request(() -> {});
        pass(60_000);

        assertThat(call.isSlow(1_000, 1_000)).isFalse();
        assertThat(call.isHeldUp(1_000)).isFalse();
    }

    private void pass(long ms) {
        nanos.addAndGet(ms * 1_000_000);
    }
}
