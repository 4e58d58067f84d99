package io.seawall.coordinator.placement;

import static io.seawall.coordinator.placement.Scene.log;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.coordinator.meta.Assignment;
import io.seawall.coordinator.meta.Assignment.Owned;
import io.seawall.coordinator.meta.Assignment.Phase;
import io.seawall.coordinator.meta.Assignment.Quarantined;
import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.meta.MetaRecord;
import io.seawall.coordinator.meta.MetaRecord.Condition;
import io.seawall.coordinator.meta.MetaRecord.Status;
import io.seawall.coordinator.meta.News;
import io.seawall.coordinator.meta.Reason;
import io.seawall.wal.PChannel;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Logs that cannot be opened, end by themselves, hang, or are in a record that this version cannot read. */
class FailureTest {
    private static Status status(Assignment assignment, String incarnation, long term, long seenTerm) {
        return new Status(
                assignment.pchannel(),
                incarnation,
                term,
                Condition.FAILED,
                "TERM_EXPIRED",
                "",
                seenTerm,
                "outside",
                0,
                Scene.START);
    }

    @Test
    void aLogThatCannotBeOpenedDoesNotSpinThroughTerms() {
        var scene = Scene.steady(3, "n1", "n2", "n3");
        var before = scene.owned(log(0)).term();

        scene.fails(log(0), "UNAVAILABLE");
        scene.report(scene.owned(log(0)), scene.owned(log(0)).owner(), Condition.FAILED, "UNAVAILABLE", 0);
        scene.run(Duration.ofMinutes(10));

        // 0.2 + 0.4 + ... + 51.2 s are nine terms, then one a minute.
        assertThat(scene.owned(log(0)).term() - before).isBetween(14L, 20L);
        assertThat(scene.waits(log(0))).contains("lost term", "UNAVAILABLE", "60000 ms after that");
    }

    @Test
    void everySecondTryIsOnAnotherNode() {
        var scene = Scene.steady(3, "n1", "n2", "n3");
        var first = scene.home(log(0));
        scene.fails(log(0), "UNAVAILABLE");
        scene.report(scene.owned(log(0)), scene.owned(log(0)).owner(), Condition.FAILED, "UNAVAILABLE", 0);

        scene.run(Duration.ofSeconds(3));

        var homes = scene.decided().stream().map(Assignment::home).limit(4).toList();
        assertThat(homes.get(0)).isEqualTo(first);
        assertThat(homes.get(1)).isNotEqualTo(first);
        assertThat(homes.get(2)).isEqualTo(homes.get(1));
        assertThat(homes.get(3)).isNotEqualTo(homes.get(1));
    }

    @Test
    void aTermThatServedBeginsANewRow() {
        var scene = Scene.steady(3, "n1", "n2", "n3");
        scene.fails(log(0), "UNAVAILABLE");
        scene.report(scene.owned(log(0)), scene.owned(log(0)).owner(), Condition.FAILED, "UNAVAILABLE", 0);
        scene.run(Duration.ofSeconds(5));
        scene.mend(log(0));
        scene.run(Duration.ofMinutes(2));
        assertThat(scene.owned(log(0)).failures()).isGreaterThan(2);

        scene.report(scene.owned(log(0)), scene.owned(log(0)).owner(), Condition.FAILED, "FENCED", 110_000);
        scene.observe();
        scene.pass(Duration.ofMillis(200));
        scene.observe();

        assertThat(scene.owned(log(0)).failures()).isEqualTo(1);
    }

    @Test
    void aLogThatFailsHoldsUpNoBalance() {
        // One partition in error stopped all balancing: Helix #1866.
        var scene = Scene.steady(6, "n1", "n2");
        scene.fails(log(0), "UNAVAILABLE");
        scene.report(scene.owned(log(0)), scene.owned(log(0)).owner(), Condition.FAILED, "UNAVAILABLE", 0);
        scene.run(Duration.ofMinutes(2));

        scene.start("n3");
        scene.run(Duration.ofSeconds(30));

        assertThat(scene.load("n3")).isEqualTo(2);
    }

    @Test
    void openingsThatHangHoldUpNoOthers() {
        var scene = new Scene();
        scene.topic("t", 60);
        for (var each = 0; each < 16; each++) {
            scene.stuck(log(each));
        }
        scene.start("n1");
        scene.run(Duration.ofSeconds(3));
        assertThat(scene.loads()).as("all slots hang").containsEntry("n1", 16);

        scene.run(Duration.ofSeconds(40));

        assertThat(scene.loads()).containsEntry("n1", 60);
    }

    @Test
    void aNodeIsToldToOpenOnlySoManyAtOnce() {
        var scene = new Scene();
        scene.topic("t", 100);
        for (var each = 0; each < 100; each++) {
            scene.stuck(log(each));
        }
        scene.start("n1");

        scene.run(Duration.ofMinutes(5));

        assertThat(scene.loads()).containsEntry("n1", 32);
        assertThat(scene.waits(log(99))).contains("waits for a slot");
    }

    @Test
    void aLogKeepsItsSlotWhereItIsOverdueUntilAnotherNodeGetsIt() {
        var defaults = PlacementSettings.DEFAULTS;
        var scene = new Scene(new PlacementSettings(
                defaults.absence(),
                new PlacementSettings.Bounds(3, 2, defaults.bounds().slow()),
                defaults.patience(),
                defaults.pauses()));
        scene.topic("u", 3);
        scene.start("n1");
        scene.silent("n1");
        scene.run(Duration.ofSeconds(2));
        scene.topic("t", 1);

        scene.run(Duration.ofSeconds(20));

        assertThat(scene.decisions(Reason.UNRESPONSIVE)).isPositive();
        assertThat(scene.loads()).as("logs that n1 has to open").containsEntry("n1", 3);
    }

    @Test
    void anOpeningThatTakesTooLongGoesToAnotherNode() {
        var scene = Scene.steady(2, "n1", "n2");
        scene.topic("u", 1);
        var log = new PChannel("u", 0);
        scene.stuck(log);
        scene.run(Duration.ofMinutes(10));
        var first = scene.owned(log);

        scene.run(Duration.ofMinutes(2));

        assertThat(scene.owned(log).term()).isEqualTo(first.term() + 1);
        assertThat(scene.home(log)).isNotEqualTo(first.home());
        assertThat(scene.owned(log).note().reason()).isEqualTo(Reason.OVERDUE);
    }

    @Test
    void aFailedOpeningIsAFailureForTheNextCoordinatorToo() {
        // A failed opening was replayed as an open region: HBASE-30357, HBASE-29364.
        var scene = Scene.steady(2, "n1", "n2");
        var term = scene.owned(log(0)).term();
        scene.report(scene.owned(log(0)), scene.owned(log(0)).owner(), Condition.FAILED, "UNAVAILABLE", 0);
        scene.newCoordinator();

        scene.run(Duration.ofSeconds(1));

        assertThat(scene.owned(log(0)).term()).isEqualTo(term + 1);
        assertThat(scene.owned(log(0)).note().reason()).isEqualTo(Reason.FAILED);
    }

    @Test
    void dataLossIsForAPerson() {
        var scene = Scene.steady(3, "n1", "n2", "n3");
        var owned = scene.owned(log(0));
        scene.fails(log(0), "DATA_LOSS");
        scene.report(owned, owned.owner(), Condition.FAILED, "DATA_LOSS", 0);
        scene.run(Duration.ofMinutes(5));
        assertThat(scene.state().assignment(log(0))).get().isInstanceOf(Quarantined.class);
        assertThat(scene.state().assignment(log(0)).orElseThrow().term()).isEqualTo(owned.term());

        scene.mend(log(0));
        scene.command(new Command.Unquarantine(log(0)));
        scene.run(Duration.ofSeconds(1));

        assertThat(scene.owned(log(0)).term()).isEqualTo(owned.term() + 1);
        assertThat(scene.home(log(0))).isEqualTo(owned.home());
        assertThat(scene.decisions(Reason.UNQUARANTINED)).isEqualTo(2);
    }

    @Test
    void dataLossIsForAPersonThoughTheProcessThatFoundItIsGone() {
        var scene = Scene.steady(3, "n1", "n2", "n3");
        var owned = scene.owned(log(0));
        scene.report(owned, owned.owner(), Condition.FAILED, "DATA_LOSS", 0);

        scene.start(owned.owner().node());
        scene.observe();

        assertThat(scene.state().assignment(log(0))).get().isInstanceOf(Quarantined.class);
    }

    @Test
    void aLogThatEndsEachProcessWhichOpensItPausesBetweenThem() {
        var scene = Scene.steady(3, "n1", "n2", "n3");
        scene.topic("u", 1);
        scene.observe();
        var log = new PChannel("u", 0);
        var first = scene.owned(log).term();

        for (var each = 0; each < 600; each++) {
            scene.pass(Duration.ofMillis(100));
            scene.start(scene.owned(log).owner().node());
            scene.observe();
        }

        // Pauses of 0.2 + 0.4 + ... + 25.6 s.
        assertThat(scene.owned(log).term() - first).isBetween(5L, 9L);
    }

    @Test
    void theNextTermIsAboveAllThatAnyProcessMet() {
        // Terms of a group that began at 1 again were below those in the log: xtdb #5904.
        var scene = Scene.steady(2, "n1", "n2");
        var owned = scene.owned(log(0));

        scene.write(status(owned, owned.owner().incarnation(), owned.term(), 57));
        scene.run(Duration.ofSeconds(1));

        assertThat(scene.owned(log(0)).term()).isEqualTo(58);
    }

    @Test
    void aReportOfAFormerProcessThatKnowsAHigherTermIsKeptUntilItIsUsed() {
        var scene = Scene.steady(2, "n1", "n2");
        var owned = scene.owned(log(0));
        scene.write(status(owned, "gone-1", 3, 57), status(owned, "gone-2", 0, 0));

        scene.observe();

        assertThat(scene.state().statuses(log(0)))
                .extracting(Status::incarnation)
                .contains("gone-1");
        assertThat(scene.state().statuses(log(0)))
                .extracting(Status::incarnation)
                .doesNotContain("gone-2");
    }

    @Test
    void aLogWhoseTermsAreUsedUpIsForAPerson() {
        var scene = Scene.steady(2, "n1", "n2");
        var owned = scene.owned(log(0));

        scene.write(status(owned, owned.owner().incarnation(), owned.term(), MetaRecord.MOST_TERM));
        scene.run(Duration.ofSeconds(1));

        var assignment = (Quarantined) scene.state().assignment(log(0)).orElseThrow();
        assertThat(assignment.code()).isEqualTo("NO_TERM_LEFT");
    }

    @Test
    void aNodeThatHasAHigherTermThanItWasGivenGetsTheNextOne() {
        var scene = Scene.steady(2, "n1", "n2");
        var owned = scene.owned(log(0));
        var ahead = new Owned(owned.pchannel(), 40, owned.owner(), 0, owned.note());
        scene.report(ahead, owned.owner(), Condition.AVAILABLE, "", 0);

        scene.observe();

        assertThat(scene.owned(log(0)).term()).isEqualTo(41);
        assertThat(scene.home(log(0))).isEqualTo(owned.home());
    }

    @Test
    void theTermOutlivesTheTopic() {
        var scene = Scene.steady(2, "n1", "n2");
        var term = scene.owned(log(0)).term();
        scene.command(new Command.RemoveTopic("t"));
        scene.run(Duration.ofSeconds(2));
        assertThat(scene.state().assignments()).extracting(Assignment::phase).containsOnly(Phase.RETIRED);

        scene.command(new Command.AddTopic("t", 2));
        scene.run(Duration.ofSeconds(2));

        assertThat(scene.owned(log(0)).term()).isEqualTo(term + 1);
    }

    @Test
    void whatThisVersionCannotReadIsLeftAlone() {
        var scene = Scene.steady(6, "n1", "n2", "n3");
        var two = scene.homes().entrySet().stream()
                .filter(home -> home.getValue().equals("n2"))
                .findFirst()
                .orElseThrow()
                .getKey();
        scene.read(new News.Unreadable(MetaKey.assignment(log(0)), "format 2"));
        scene.read(new News.Unreadable(MetaKey.node("n2"), "format 2"));
        scene.read(new News.Unreadable(MetaKey.topic("t"), "format 2"));

        scene.run(Duration.ofMinutes(1));

        assertThat(scene.state().isUnreadable(MetaKey.assignment(log(0)))).isTrue();
        assertThat(scene.state().assignments()).extracting(Assignment::phase).containsOnly(Phase.OWNED);
        if (!two.equals(log(0))) {
            assertThat(scene.home(two)).isEqualTo("n2");
            assertThat(scene.waits(two)).contains("later format");
        }
        assertThat(List.copyOf(scene.decided())).isEmpty();
    }
}
