package io.seawall.node.cluster;

import static io.seawall.node.cluster.StubCluster.OTHER;
import static io.seawall.node.cluster.StubCluster.SELF;
import static io.seawall.node.cluster.StubCluster.owned;
import static io.seawall.node.cluster.StubCluster.quarantined;
import static io.seawall.node.cluster.StubCluster.releasing;
import static io.seawall.node.cluster.StubCluster.retired;
import static io.seawall.node.cluster.StubCluster.unowned;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.coordinator.meta.Assignment;
import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.coordinator.meta.MetaRecord.Condition;
import io.seawall.node.cluster.LogDuty.Order;
import io.seawall.node.cluster.LogDuty.Step;
import io.seawall.wal.PChannel;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LogDutyTest {
    private static final PChannel LOG = new PChannel("orders", 0);
    private static final Owner FORMER = new Owner("n1", "n1-before");
    private static final LogDuty OPEN_AT_7 = new LogDuty(7, true, 7, Condition.AVAILABLE, OptionalLong.of(0));
    private static final LogDuty CLOSED_AT_7 = new LogDuty(7, false, 7, Condition.RELEASED, OptionalLong.of(0));

    private static Step step(LogDuty duty, Assignment assignment) {
        return duty.onAssignment(assignment, SELF);
    }

    @Test
    void opensWhatIsOwnedByThisProcessOnceForEachTerm() {
        var first = step(LogDuty.NONE, owned(LOG, 7, SELF));

        assertThat(first.order()).isEqualTo(Order.OPEN);
        assertThat(first.next().term()).isEqualTo(7);
        assertThat(step(first.next(), owned(LOG, 7, SELF)).order()).isEqualTo(Order.NOTHING);
        assertThat(step(first.next(), owned(LOG, 8, SELF)).order()).isEqualTo(Order.OPEN);
    }

    private static Stream<Assignment> notForThisProcess() {
        return Stream.of(
                owned(LOG, 7, OTHER),
                owned(LOG, 8, OTHER),
                owned(LOG, 8, FORMER),
                releasing(LOG, 7, SELF),
                releasing(LOG, 8, OTHER),
                unowned(LOG, 7),
                quarantined(LOG, 7, "DATA_LOSS"),
                retired(LOG, 7));
    }

    @ParameterizedTest
    @MethodSource("notForThisProcess")
    void closesWhatItHasOpenAtThatTermOrBelowOnEveryOtherNews(Assignment assignment) {
        var step = step(OPEN_AT_7, assignment);

        assertThat(step.order()).isEqualTo(Order.CLOSE);
        assertThat(step.next().term()).isEqualTo(7);
        assertThat(step(step.next(), assignment).order()).as("told once").isEqualTo(Order.NOTHING);
    }

    @ParameterizedTest
    @MethodSource("notForThisProcess")
    void doesNothingAboutLogsThatItDoesNotHave(Assignment assignment) {
        assertThat(step(CLOSED_AT_7, assignment).order()).isEqualTo(Order.NOTHING);
    }

    @Test
    void lateNewsChangesNothing() {
        for (var late : List.of(
                owned(LOG, 6, OTHER), owned(LOG, 6, SELF), releasing(LOG, 6, SELF), unowned(LOG, 6), retired(LOG, 6))) {
            assertThat(step(OPEN_AT_7, late)).as("%s", late).isEqualTo(new Step(OPEN_AT_7, Order.NOTHING));
        }
    }

    @Test
    void aTermThatWasClosedIsNotOpenedAgain() {
        assertThat(step(CLOSED_AT_7, owned(LOG, 7, SELF)).order()).isEqualTo(Order.NOTHING);
    }

    /** Both records may come in one piece of news, of which only the last counts; the coordinator waits for the report. */
    @Test
    void releasesATermThatItWasNeverToldToOpen() {
        var step = step(LogDuty.NONE, releasing(LOG, 3, SELF));

        assertThat(step.order()).isEqualTo(Order.CLOSE);
        assertThat(step.next().term()).isEqualTo(3);
        assertThat(step(OPEN_AT_7, releasing(LOG, 9, SELF)).next().term())
                .as("the report has to be about the term that is released")
                .isEqualTo(9);
    }

    @ParameterizedTest
    @CsvSource({
        "6, FAILED, false",
        "7, OPENING, false",
        "7, AVAILABLE, false",
        "7, RELEASED, true",
        "7, FAILED, true",
        "8, OPENING, true"
    })
    void reportsOnlyGoForward(long term, Condition condition, boolean isNews) {
        assertThat(OPEN_AT_7.isNews(term, condition)).isEqualTo(isNews);
    }

    @ParameterizedTest
    @CsvSource({"RELEASED, FAILED", "FAILED, RELEASED", "FAILED, AVAILABLE"})
    void aTermEndsOnce(Condition first, Condition second) {
        assertThat(OPEN_AT_7.reported(7, first, 0).isNews(7, second)).isFalse();
    }

    @Test
    void measuresHowLongATermServed() {
        var opened = LogDuty.NONE.reported(7, Condition.OPENING, 0).reported(7, Condition.AVAILABLE, 5_000_000);

        assertThat(opened.servedMs(7, 12_999_999)).isEqualTo(7);
        assertThat(opened.servedMs(8, 12_999_999)).as("another term").isZero();
        assertThat(opened.reported(8, Condition.OPENING, 0).servedMs(8, 12_999_999))
                .as("never open")
                .isZero();
    }
}
