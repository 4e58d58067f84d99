package io.seawall.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.meta.MetaRecord.Condition;
import io.seawall.coordinator.meta.MetaRecord.Status;
import io.seawall.node.StepClock;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LogReportsTest {
    private static final PChannel LOG = new PChannel("orders", 0);
    private final LogReports reports = new LogReports(StubCluster.SELF, new StepClock());

    private Status failed(Problem problem) {
        return reports.of(LOG, 7, Condition.FAILED, 0, problem.exception());
    }

    @Test
    void aReportWithoutAFailureSaysNothingMore() {
        assertThat(reports.of(LOG, 7, Condition.OPENING, 0, null))
                .isEqualTo(new Status(LOG, "n1-a", 7, Condition.OPENING, "", "", -1, "", 0, Instant.EPOCH));
    }

    @ParameterizedTest
    @EnumSource
    void namesTheCodeAndTheMessageOfEachError(ErrorCode code) {
        var status = failed(Problem.of(code, "open orders-0").found("a fault"));

        assertThat(status.code()).isEqualTo(code.name());
        assertThat(status.message()).isEqualTo("cannot open orders-0: found a fault");
    }

    @ParameterizedTest
    @EnumSource(names = {"FENCED", "TERM_EXPIRED"})
    void namesTheTermAndTheRivalThatItMet(ErrorCode code) {
        var status = failed(Problem.of(code, "open orders-0")
                .found("a claim of term 9 by node n7")
                .with("term", 9));

        assertThat(status.seenTerm()).isEqualTo(9);
        assertThat(status.rival()).isEqualTo("a claim of term 9 by node n7");
    }

    @Test
    void namesNoRivalIfTheErrorKnowsNone() {
        var fenced = failed(Problem.of(ErrorCode.FENCED, "append").found("ProducerFencedException"));
        var other = failed(
                Problem.of(ErrorCode.UNAVAILABLE, "append").found("no answer").with("term", 9));

        assertThat(fenced.seenTerm()).isEqualTo(-1);
        assertThat(fenced.rival()).isEmpty();
        assertThat(other.seenTerm()).isEqualTo(-1);
        assertThat(other.rival()).isEmpty();
    }

    @Test
    void isKeptUnderTheProcessThatReports() {
        var status = reports.of(LOG, 7, Condition.RELEASED, 12, null);

        assertThat(status.key()).isEqualTo(MetaKey.status(LOG, "n1-a"));
        assertThat(status.servedMs()).isEqualTo(12);
    }
}
