package io.seawall.coordinator.placement;

import static io.seawall.coordinator.placement.Scene.log;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.coordinator.meta.Assignment;
import io.seawall.coordinator.meta.Assignment.Note;
import io.seawall.coordinator.meta.Assignment.Owned;
import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.coordinator.meta.Assignment.Phase;
import io.seawall.coordinator.meta.Assignment.Unowned;
import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.meta.MetaRecord;
import io.seawall.coordinator.meta.MetaRecord.Condition;
import io.seawall.coordinator.meta.MetaRecord.Drain;
import io.seawall.coordinator.meta.MetaRecord.Pin;
import io.seawall.coordinator.meta.MetaRecord.Status;
import io.seawall.coordinator.meta.News;
import io.seawall.coordinator.meta.Reason;
import io.seawall.wal.PChannel;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many logs, odd clocks, long texts, records of other versions, and rules that the other tests do not see broken. */
class LimitsTest {
    private static final Duration MOMENT = Duration.ofMillis(100);
    private static final int MOST_RECORDS = 1_000;

    private static Status failed(Owned owned, String code, String message) {
        return new Status(
                owned.pchannel(),
                owned.owner().incarnation(),
                owned.term(),
                Condition.FAILED,
                code,
                message,
                -1,
                "",
                0,
                Scene.START);
    }

    @Test
    void oneSilenceIsOneFaultThoughSeveralDecisionsRunOutOfTime() {
        var scene = Scene.steady(4, "n1", "n2");
        scene.silent("n2");
        for (var name : new String[] {"u", "v", "w"}) {
            scene.topic(name, 2);
            scene.run(Duration.ofMillis(400));
        }

        scene.run(Duration.ofSeconds(12));

        assertThat(scene.decisions(Reason.UNRESPONSIVE)).isEqualTo(3);
        assertThat(scene.last().watch().nodes().get("n2"))
                .extracting(NodeWatch::flaps)
                .isEqualTo(1);
    }

    @Test
    void logsDoNotWaitForANodeWhoseOpeningsHang() {
        var defaults = PlacementSettings.DEFAULTS;
        var scene = new Scene(new PlacementSettings(
                defaults.absence(),
                new PlacementSettings.Bounds(2, 8, defaults.bounds().slow()),
                defaults.patience(),
                defaults.pauses()));
        scene.topic("s", 4);
        for (var each = 0; each < 4; each++) {
            var hangs = new PChannel("s", each);
            scene.stuck(hangs);
            scene.write(new Pin(hangs, "n2", "", Scene.START));
        }
        scene.start("n1");
        scene.start("n2");
        scene.run(Duration.ofMinutes(1));
        assertThat(scene.load("n2")).isEqualTo(4);

        scene.topic("t", 6);
        scene.run(Duration.ofSeconds(5));

        assertThat(scene.load("n1")).isEqualTo(6);
    }

    @Test
    void aColdStartWaitsThoughTheClockIsBelowZero() {
        // As System.nanoTime may be.
        var scene = new Scene();
        scene.pass(Duration.ofDays(-100));
        scene.topic("t", 4);
        scene.start("n1");
        scene.run(Duration.ofMillis(800));
        scene.start("n2");
        scene.run(Duration.ofMillis(800));
        assertThat(scene.given()).isZero();

        scene.run(Duration.ofSeconds(3));

        assertThat(scene.loads()).containsEntry("n1", 2).containsEntry("n2", 2);
    }

    @Test
    void logsOfANodeThatCannotBeReadStayOnlyWhileTheGroupHasIt() {
        // The first node of a rolling upgrade dies, and the coordinator is still of the former version.
        var scene = Scene.steady(6, "n1", "n2", "n3");
        scene.read(new News.Unreadable(MetaKey.node("n2"), "format 2"));
        scene.run(Duration.ofMinutes(1));
        assertThat(scene.decided()).isEmpty();

        scene.drop("n2");
        scene.run(Duration.ofSeconds(10));

        assertThat(scene.decisions(Reason.OWNER_GONE)).isEqualTo(2);
        assertThat(scene.loads()).containsEntry("n1", 3).containsEntry("n3", 3);
    }

    @Test
    void aLogWhoseOwnerReportsInALaterFormatStays() {
        var scene = Scene.steady(4, "n1", "n2");
        var owned = scene.owned(log(0));
        scene.silent(owned.home());
        scene.read(new News.Unreadable(MetaKey.status(log(0), owned.owner().incarnation()), "format 2"));

        scene.run(Duration.ofMinutes(1));

        assertThat(scene.decided()).isEmpty();
        assertThat(scene.waits(log(0))).contains("reports in a format that this version cannot read");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x"})
    void aLongMessageIsCutBetweenCharacters(String before) {
        var scene = Scene.steady(2, "n1", "n2");

        scene.write(failed(scene.owned(log(0)), "UNAVAILABLE", before + "\uD83D\uDE00".repeat(5_000)));
        scene.run(Duration.ofSeconds(1));

        var text = scene.owned(log(0)).note().text();
        assertThat(text).contains("UNAVAILABLE").hasSizeLessThan(400);
        assertThat(UTF_8.newEncoder().canEncode(text)).isTrue();
    }

    @Test
    void aReportKeepsSoMuchOfItsTextsOnly() {
        var status = failed(Scene.steady(2, "n1").owned(log(0)), "x".repeat(2_000), "\uD83D\uDE00x".repeat(20_000));

        assertThat(status.code()).hasSize(1_000);
        assertThat(status.message()).hasSizeBetween(999, 1_000);
    }

    @Test
    void aNodeGetsNoMoreThanItsShareWhileTheOthersWaitForSlots() {
        var scene = Scene.steady(2, "n1", "n2");
        scene.silent("n2");
        scene.topic("u", 40);

        for (var times = 0; times < 20; times++) {
            scene.pass(MOMENT);
            scene.observe();
            scene.work();
        }

        assertThat(scene.loads()).containsEntry("n1", 21).containsEntry("n2", 17);
    }

    @Test
    void theLogsOfALargeTopicAreRetiredBySeveralDecisions() {
        var scene = new Scene();
        scene.start("n1");
        var note = new Note(Reason.NEW, "", Scene.START);
        for (var each = 0; each < 2_500; each++) {
            scene.write(new Unowned(log(each), 3, "", note));
        }

        var most = 0;
        for (var times = 0; times < 5; times++) {
            scene.pass(MOMENT);
            var changes = scene.observe().changes();
            most = Math.max(most, changes.written().size() + changes.removed().size());
        }

        assertThat(most).isEqualTo(MOST_RECORDS);
        assertThat(scene.state().assignments()).extracting(Assignment::phase).containsOnly(Phase.RETIRED);
    }

    @Test
    void manyLogsThatLostDataAreQuarantinedBySeveralDecisions() {
        var scene = new Scene();
        scene.start("n1");
        scene.topic("t", 1_500);
        var owner = new Owner("n1", scene.state().node("n1").orElseThrow().incarnation());
        var records = new MetaRecord[3_000];
        for (var each = 0; each < 1_500; each++) {
            var owned = new Owned(log(each), 3, owner, 0, new Note(Reason.NEW, "", Scene.START));
            records[2 * each] = owned;
            records[2 * each + 1] = failed(owned, "DATA_LOSS", "");
        }
        scene.write(records);

        var first = scene.observe().changes().written().size();
        scene.observe();

        assertThat(first).isEqualTo(MOST_RECORDS);
        assertThat(scene.state().assignments()).extracting(Assignment::phase).containsOnly(Phase.QUARANTINED);
    }

    @Test
    void logsThatAreToBeMovedTakeTheSlotsOfTheirTarget() {
        var defaults = PlacementSettings.DEFAULTS;
        var bounds = new PlacementSettings.Bounds(2, 8, defaults.bounds().slow());
        var settings = new PlacementSettings(defaults.absence(), bounds, defaults.patience(), defaults.pauses());
        var scene = Scene.steady(settings, 12, "n1", "n2");
        scene.silent("n1");
        scene.silent("n2");

        scene.start("n3");
        scene.run(Duration.ofSeconds(10));

        assertThat(scene.decided()).hasSize(2);
    }

    @Test
    void nothingMovesBetweenNodesThatAreAllDrained() {
        var scene = Scene.steady(6, "n1", "n2", "n3");
        for (var node : new String[] {"n1", "n2", "n3"}) {
            scene.write(new Drain(node, false, "", Scene.START));
        }

        scene.run(Duration.ofMinutes(1));

        assertThat(scene.decided()).isEmpty();
    }

    @Test
    void aLogThatFailedRestsLongerBeforeItIsMoved() {
        var scene = Scene.steady(4, "n1", "n2");
        scene.report(scene.owned(log(0)), scene.owned(log(0)).owner(), Condition.FAILED, "UNAVAILABLE", 0);
        scene.run(Duration.ofSeconds(1));
        var home = scene.home(log(0));
        assertThat(scene.owned(log(0)).failures()).isEqualTo(1);
        scene.decided().clear();

        scene.write(new Pin(log(0), home.equals("n1") ? "n2" : "n1", "", Scene.START));
        scene.run(Duration.ofSeconds(50));
        assertThat(scene.decided()).isEmpty();
        scene.run(Duration.ofSeconds(12));

        assertThat(scene.home(log(0))).isNotEqualTo(home);
    }

    @Test
    void aPinnedLogThatFailsIsTriedElsewhereToo() {
        var scene = Scene.steady(2, "n1", "n2");
        var home = scene.home(log(0));
        scene.write(new Pin(log(0), home, "", Scene.START));
        scene.fails(log(0), "UNAVAILABLE");
        scene.report(scene.owned(log(0)), scene.owned(log(0)).owner(), Condition.FAILED, "UNAVAILABLE", 0);

        scene.run(Duration.ofSeconds(1));

        assertThat(scene.home(log(0))).isNotEqualTo(home);
    }

    @Test
    void aPinDoesNotBringALogToANodeThatIsHeldBack() {
        var scene = Scene.steady(3, "n1", "n2", "n3");
        var lost = scene.homes().entrySet().stream()
                .filter(home -> home.getValue().equals("n2"))
                .findFirst()
                .orElseThrow()
                .getKey();
        scene.start("n3");
        scene.run(MOMENT);
        scene.write(new Pin(lost, "n3", "", Scene.START));
        scene.leaving("n2");
        scene.drop("n2");

        scene.run(MOMENT);

        assertThat(scene.home(lost)).isEqualTo("n1");
    }

    @Test
    void aPinWaitsUntilTheMembersHaveBeenTheSameForAMoment() {
        var scene = Scene.steady(4, "n1", "n2");
        scene.start("n3");
        scene.write(new Pin(log(0), "n3", "", Scene.START));

        scene.run(Duration.ofMillis(900));
        assertThat(scene.decided()).isEmpty();
        scene.run(Duration.ofMillis(400));

        assertThat(scene.decided()).isNotEmpty();
    }

    @Test
    void dataThatIsFoundLostAtAReleaseIsForAPerson() {
        var scene = Scene.steady(4, "n1", "n2");
        var owned = scene.owned(log(0));
        scene.silent(owned.home());
        scene.write(new Drain(owned.home(), false, "", Scene.START));
        scene.observe();

        scene.report(owned, owned.owner(), Condition.FAILED, "DATA_LOSS", 0);
        scene.observe();

        assertThat(scene.state().assignment(log(0)).orElseThrow().phase()).isEqualTo(Phase.QUARANTINED);
    }

    @Test
    void aPinOfALaterVersionKeepsItsLogWhereItIs() {
        var scene = Scene.steady(4, "n1", "n2");
        for (var each = 0; each < 4; each++) {
            scene.read(new News.Unreadable(MetaKey.pin(log(each)), "format 2"));
        }
        scene.start("n3");

        scene.run(Duration.ofMinutes(1));

        assertThat(scene.decided()).isEmpty();
    }

    @Test
    void aDrainOfALaterVersionIsInForce() {
        var scene = Scene.steady(4, "n1", "n2");
        scene.read(new News.Unreadable(MetaKey.drain("n2"), "format 2"));

        scene.run(Duration.ofSeconds(30));

        assertThat(scene.load("n2")).isZero();
    }

    @Test
    void aNodeThatLeftIsNotWaitedForThoughTheGroupWasDeleted() {
        var scene = Scene.steady(6, "n1", "n2", "n3");
        scene.silent("n2");
        scene.leaving("n2");
        scene.deleteGroup();

        scene.run(Duration.ofSeconds(1));

        assertThat(scene.decisions(Reason.OWNER_GONE)).isEqualTo(2);
        assertThat(scene.load("n3")).isEqualTo(2);
    }

    @Test
    void aLogThatFailedTakesItsSlotAfterTheOthers() {
        var defaults = PlacementSettings.DEFAULTS;
        var bounds = new PlacementSettings.Bounds(1, 8, defaults.bounds().slow());
        var scene = Scene.steady(
                new PlacementSettings(defaults.absence(), bounds, defaults.patience(), defaults.pauses()), 1, "n1");
        scene.report(scene.owned(log(0)), scene.owned(log(0)).owner(), Condition.FAILED, "UNAVAILABLE", 0);
        scene.observe();
        scene.pass(Duration.ofMillis(200));
        scene.topic("u", 1);

        scene.observe();

        assertThat(scene.decided()).extracting(Assignment::pchannel).containsExactly(new PChannel("u", 0));
    }

    @Test
    void oneStepIsTakenForTheByteRatesInAMinute() {
        var scene = Scene.steady(8, "n1", "n2");
        scene.homes().forEach((log, home) -> scene.rate(log, home.equals("n1") ? 10L << 20 : 0));

        scene.run(Duration.ofSeconds(50));
        assertThat(scene.decided())
                .filteredOn(each -> each.phase() == Phase.RELEASING)
                .hasSize(2);
        scene.run(Duration.ofSeconds(20));

        assertThat(scene.decided())
                .filteredOn(each -> each.phase() == Phase.RELEASING)
                .hasSize(4);
    }
}
