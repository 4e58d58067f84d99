package io.seawall.coordinator.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.coordinator.member.FakeTopic.Fate;
import io.seawall.coordinator.meta.Assignment;
import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.meta.MetaRecord.Condition;
import io.seawall.coordinator.meta.MetaRecord.Status;
import io.seawall.coordinator.meta.MetaRecord.Topic;
import io.seawall.coordinator.meta.News;
import io.seawall.coordinator.meta.Reason;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReportsTest {
    private static final MetaKey OWN_REPORT = MetaKey.status(new PChannel("t", 0), "n1-a");

    private final MemberLab lab = new MemberLab().joined();

    private void report(int log, long term, Condition condition) {
        lab.member().report(MemberLab.status(log, term, condition));
    }

    private List<Status> announced() {
        return lab.topic().announced(Status.class);
    }

    private Status read(int log) {
        return lab.member()
                .view()
                .state()
                .status(new PChannel("t", log), "n1-a")
                .orElseThrow();
    }

    @Test
    void aReportIsWrittenBeforeTheNextTick() {
        report(0, 1, Condition.OPENING);
        lab.settle();

        assertThat(read(0).condition()).isEqualTo(Condition.OPENING);
    }

    @Test
    void ofOneLogTheLastReportWaitsUntilTheOneBeforeIsWritten() {
        lab.topic().holdAnswers();
        report(0, 1, Condition.OPENING);
        lab.settle();
        report(0, 1, Condition.AVAILABLE);
        lab.settle();
        report(0, 1, Condition.RELEASED);
        lab.settle();
        assertThat(announced()).extracting(Status::condition).containsExactly(Condition.OPENING);

        lab.topic().answer();
        lab.settle();
        assertThat(announced()).extracting(Status::condition).containsExactly(Condition.OPENING, Condition.RELEASED);
    }

    @Test
    void aReportOfANewerTermReplacesAnUnsentOneAndAnOlderOneDoesNot() {
        report(0, 5, Condition.OPENING);
        report(0, 4, Condition.RELEASED);
        lab.settle();
        report(0, 4, Condition.FAILED);
        lab.settle();

        assertThat(announced()).singleElement().satisfies(status -> {
            assertThat(status.term()).isEqualTo(5);
            assertThat(status.condition()).isEqualTo(Condition.OPENING);
        });
    }

    @ParameterizedTest
    @EnumSource(
            value = Fate.class,
            names = {"HANGS", "FAILS"})
    void aReportIsRepeatedUntilItIsWritten(Fate fate) {
        lab.topic().announce(fate);
        report(0, 1, Condition.OPENING);
        report(1, 1, Condition.OPENING);
        lab.pass(60_000);
        assertThat(announced().size()).as("not at each tick").isBetween(6, 80);

        lab.topic().announce(Fate.DONE);
        lab.pass(20_000);

        assertThat(read(0).condition()).isEqualTo(Condition.OPENING);
        assertThat(read(1).condition()).isEqualTo(Condition.OPENING);
        var written = announced().size();
        lab.pass(60_000);
        assertThat(announced()).hasSize(written);
    }

    @Test
    void manyReportsAreUnderWayAtTheSameTimeButNotMoreThanTheLimit() {
        lab.topic().holdAnswers();
        for (var log = 0; log < 200; log++) {
            report(log, 1, Condition.OPENING);
        }
        lab.settle();
        assertThat(announced()).hasSize(64);

        lab.topic().answer();
        lab.settle();

        assertThat(announced()).hasSize(200);
        assertThat(lab.topic().mostOpen()).isEqualTo(64);
    }

    @Test
    void aLateRequestThatReplacedANewerReportIsRepaired() {
        lab.topic().append(new Topic("t", 1));
        report(0, 1, Condition.OPENING);
        lab.settle();
        report(0, 1, Condition.AVAILABLE);
        lab.settle();

        lab.topic().append(MemberLab.status(0, 1, Condition.OPENING));
        lab.pass(5_000);

        assertThat(read(0).condition()).isEqualTo(Condition.AVAILABLE);
        assertThat(announced()).hasSize(3);
        lab.pass(60_000);
        assertThat(announced()).hasSize(3);
    }

    private static Assignment.Owned owned(long term, String node) {
        var note = new Assignment.Note(Reason.NEW, "of the test", MemberLab.START);
        return new Assignment.Unowned(new PChannel("t", 0), term - 1, "", note)
                .toOwned(term, new Assignment.Owner(node, node + "-a"), note);
    }

    /** What the reader hands over when records of the topic were lost. */
    private void lose(MetaKey... keys) {
        for (var key : keys) {
            lab.topic().append(new News.Removed(key));
        }
    }

    @Test
    void anOwnersReportThatKafkaLostIsWrittenAgain() {
        lab.topic().append(new Topic("t", 1), owned(1, "n1"));
        report(0, 1, Condition.AVAILABLE);
        lab.settle();

        lose(OWN_REPORT);
        lab.pass(5_000);

        assertThat(read(0).condition()).isEqualTo(Condition.AVAILABLE);
        assertThat(announced()).hasSize(2);
        lab.pass(60_000);
        assertThat(announced()).hasSize(2);
    }

    /** So the logs do not fail at terms that they had before. */
    @Test
    void aTopicThatWasMadeAgainLearnsTheTermsThatThereWere() {
        lab.topic().append(new Topic("t", 1), owned(7, "n1"));
        report(0, 7, Condition.AVAILABLE);
        lab.settle();

        lose(OWN_REPORT, MetaKey.topic("t"), MetaKey.assignment(new PChannel("t", 0)));
        lab.pass(30_000);

        assertThat(read(0).term()).isEqualTo(7);
        assertThat(announced()).hasSize(2);
    }

    @Test
    void aReportThatTheCoordinatorDeletedStaysDeleted() {
        lab.topic().append(new Topic("t", 1), owned(1, "n1"));
        report(0, 1, Condition.RELEASED);
        lab.settle();

        lab.topic().append(owned(2, "n2"));
        lose(OWN_REPORT);
        lab.pass(30_000);

        assertThat(announced()).hasSize(1);
    }

    @Test
    void theReportOfALogWhoseTopicIsGoneIsForgotten() {
        lab.topic().append(new Topic("t", 1), owned(1, "n1"));
        report(0, 1, Condition.RELEASED);
        lab.settle();
        lose(OWN_REPORT, MetaKey.topic("t"));
        lab.topic().append(owned(1, "n1").toRetired(owned(1, "n1").note()));
        lab.pass(5_000);

        lose(MetaKey.assignment(new PChannel("t", 0)));
        lab.pass(30_000);

        assertThat(announced()).hasSize(1);
    }

    @Test
    void theReportOfAnotherProcessIsRefused() {
        var other = new Status(new PChannel("t", 0), "n1-b", 1, Condition.OPENING, "", "", -1, "", 0, MemberLab.START);

        assertThatThrownBy(() -> lab.member().report(other))
                .isInstanceOf(WalException.class)
                .hasMessageContaining("n1-b");
    }
}
