package io.seawall.coordinator.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.meta.Reason;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Nodes that come, go, restart and are taken for dead. */
class AbsenceTest {
    private static final Duration MOMENT = Duration.ofMillis(100);

    private static final PlacementSettings SHORT_SESSION = new PlacementSettings(
            new PlacementSettings.Absence(
                    Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofSeconds(5)),
            PlacementSettings.DEFAULTS.bounds(),
            PlacementSettings.DEFAULTS.patience(),
            PlacementSettings.DEFAULTS.pauses());

    @Test
    void aColdStartWaitsUntilTheMembersAreTheSameForAMoment() {
        // The first node that was up got everything: Milvus #40421, #22324.
        var scene = new Scene();
        scene.topic("t", 9);
        scene.start("n1");
        scene.run(Duration.ofMillis(800));
        scene.start("n2");
        scene.run(Duration.ofMillis(800));
        assertThat(scene.given()).isZero();
        assertThat(scene.waits(Scene.log(0))).contains("until the members have been the same for PT1S");

        scene.start("n3");
        scene.run(Duration.ofSeconds(3));

        assertThat(scene.loads()).containsEntry("n1", 3).containsEntry("n2", 3).containsEntry("n3", 3);
        assertThat(scene.given()).isEqualTo(9);
    }

    @Test
    void aColdStartDoesNotWaitForEver() {
        var scene = new Scene();
        scene.topic("t", 4);
        for (var each = 1; each <= 8; each++) {
            scene.start("n" + each);
            scene.run(Duration.ofMillis(900));
        }

        assertThat(scene.given()).isPositive();
    }

    @Test
    void aNewLogInALivingClusterDoesNotWait() {
        var scene = Scene.steady(2, "n1", "n2");
        scene.start("n3");
        scene.topic("u", 1);

        scene.observe();

        assertThat(scene.given()).isEqualTo(1);
    }

    @Test
    void aRestartWithinTheSessionMovesNothing() {
        var scene = Scene.steady(9, "n1", "n2", "n3");
        var homes = scene.homes();

        scene.start("n2");
        scene.run(Duration.ofSeconds(10));

        assertThat(scene.homes()).isEqualTo(homes);
        assertThat(scene.decided())
                .hasSize(3)
                .allSatisfy(each -> assertThat(each.note().reason()).isEqualTo(Reason.RETURNED));
    }

    @Test
    void aRestartOfAllNodesMovesNothing() {
        var scene = Scene.steady(9, "n1", "n2", "n3");
        var homes = scene.homes();
        scene.drop("n1", "n2", "n3");
        scene.newCoordinator();

        scene.start("n1");
        scene.run(Duration.ofSeconds(2));
        scene.start("n3");
        scene.run(Duration.ofSeconds(2));
        scene.start("n2");
        scene.run(Duration.ofSeconds(10));

        assertThat(scene.homes()).isEqualTo(homes);
    }

    @Test
    void theSessionCountsAsGrace() {
        var scene = Scene.steady(6, "n1", "n2");

        scene.drop("n2");
        scene.observe();

        assertThat(scene.loads()).containsEntry("n1", 6);
        assertThat(scene.decisions(Reason.OWNER_GONE)).isEqualTo(3);
    }

    @Test
    void whatIsLeftOfTheGraceIsWaitedFor() {
        var scene = Scene.steady(SHORT_SESSION, 6, "n1", "n2");

        scene.drop("n2");
        scene.run(Duration.ofMillis(2_900));
        assertThat(scene.given()).isZero();
        assertThat(scene.last().waits().values()).anyMatch(why -> why.contains("has a moment to come back"));
        scene.run(Duration.ofMillis(300));

        assertThat(scene.loads()).containsEntry("n1", 6);
    }

    @Test
    void aNodeThatIsBackWithinTheGraceLosesNothing() {
        var scene = Scene.steady(6, "n1", "n2");
        scene.deleteGroup();
        scene.run(Duration.ofSeconds(4));

        scene.join("n2");
        scene.run(Duration.ofSeconds(20));

        assertThat(scene.decided()).isEmpty();
    }

    @Test
    void membersOfADeletedGroupHaveTheWholeGrace() {
        var scene = Scene.steady(6, "n1", "n2");

        scene.deleteGroup();
        scene.run(Duration.ofMillis(4_900));
        assertThat(scene.given()).isZero();
        scene.run(Duration.ofMillis(300));

        assertThat(scene.loads()).containsEntry("n1", 6);
    }

    @Test
    void aNodeThatCameBackUnseenHasTheWholeGraceWhenTheGroupIsDeletedAgain() {
        var scene = Scene.steady(6, "n1", "n2");
        scene.deleteGroup();
        scene.run(Duration.ofSeconds(4));

        scene.deleteGroup();
        scene.run(Duration.ofMillis(4_900));
        assertThat(scene.given()).isZero();
        scene.run(Duration.ofMillis(300));

        assertThat(scene.loads()).containsEntry("n1", 6);
    }

    @Test
    void anAbsenceOfAnEarlierTimeAsCoordinatorIsForgotten() {
        var scene = Scene.steady(SHORT_SESSION, 6, "n1", "n2");
        scene.drop("n2");
        scene.run(Duration.ofSeconds(1));

        scene.follow(Duration.ofSeconds(10));
        scene.run(Duration.ofMillis(2_900));
        assertThat(scene.given()).isZero();
        scene.run(Duration.ofMillis(300));

        assertThat(scene.loads()).containsEntry("n1", 6);
    }

    @Test
    void noGraceEndsWhileTheGroupDoesNotAnswer() {
        var scene = Scene.steady(6, "n1", "n2", "n3");
        scene.deleteGroup();
        scene.run(Duration.ofSeconds(1));

        scene.groupIsSilent();
        scene.join("n2");
        scene.run(Duration.ofSeconds(10));
        assertThat(scene.given()).isZero();
        assertThat(scene.last().waits().values()).anyMatch(why -> why.contains("has a moment to come back"));
        scene.groupAnswers();
        scene.observe();

        assertThat(scene.loads()).containsEntry("n1", 4).containsEntry("n2", 2).containsEntry("n3", 0);
        assertThat(scene.decisions(Reason.OWNER_GONE)).isEqualTo(2);
    }

    @Test
    void aHintGivesLogsAwayAtOnceThoughTheGroupStillHasTheNode() {
        var scene = Scene.steady(6, "n1", "n2", "n3");

        scene.observe(scene.hint("n2"));

        assertThat(scene.loads()).containsEntry("n2", 0).containsEntry("n1", 3).containsEntry("n3", 3);
        assertThat(scene.decisions(Reason.OWNER_SUSPECTED)).isEqualTo(2);
    }

    @Test
    void anotherCoordinatorKnowsWhoIsSuspected() {
        var scene = Scene.steady(6, "n1", "n2");
        scene.observe(scene.hint("n2"));

        scene.newCoordinator();
        scene.run(Duration.ofMinutes(1));

        assertThat(scene.loads()).containsEntry("n2", 0).containsEntry("n1", 6);
    }

    @Test
    void aWrongSuspicionCostsOneMove() {
        var scene = Scene.steady(1, "n1", "n2");
        var home = scene.home(Scene.log(0));
        var other = home.equals("n1") ? "n2" : "n1";
        if (home.equals("n1")) {
            scene.command(new Command.PinLog(Scene.log(0), other, "to be where a hint can strike"));
            scene.run(Duration.ofMinutes(1));
            scene.command(new Command.UnpinLog(Scene.log(0)));
            scene.decided().clear();
        }

        scene.observe(scene.hint("n2"));
        scene.beat("n2");
        scene.run(Duration.ofMinutes(10));

        assertThat(scene.given()).isEqualTo(1);
        assertThat(scene.home(Scene.log(0))).isEqualTo("n1");
        assertThat(scene.has(MetaKey.suspicion("n2"))).isFalse();
    }

    @Test
    void aNodeThatWasWronglySuspectedGetsItsShareAgain() {
        var scene = Scene.steady(6, "n1", "n2");

        scene.observe(scene.hint("n2"));
        scene.beat("n2");
        scene.run(Duration.ofMinutes(1));

        assertThat(scene.loads()).containsEntry("n1", 3).containsEntry("n2", 3);
        assertThat(scene.given()).as("three logs away, three back").isEqualTo(6);
    }

    @Test
    void aLateHintAboutTheFormerProcessDoesNothing() {
        var scene = Scene.steady(6, "n1", "n2");
        var late = scene.hint("n2");
        scene.start("n2");
        scene.run(Duration.ofSeconds(2));
        scene.decided().clear();

        scene.observe(late);

        assertThat(scene.decided()).isEmpty();
        assertThat(scene.has(MetaKey.suspicion("n2"))).isFalse();
    }

    @Test
    void hintsAboutANodeCountAtMostOnceASecond() {
        var scene = Scene.steady(6, "n1", "n2");
        scene.observe(scene.hint("n2"));
        scene.beat("n2");
        scene.pass(Duration.ofMillis(900));
        scene.observe(scene.hint("n2"));
        assertThat(scene.has(MetaKey.suspicion("n2"))).isFalse();

        scene.pass(MOMENT);
        scene.observe(scene.hint("n2"));

        assertThat(scene.has(MetaKey.suspicion("n2"))).isTrue();
    }

    @Test
    void aSecondSuspicionIsWrittenThoughTheFirstWasNotDeletedYet() {
        var scene = Scene.steady(6, "n1", "n2");
        scene.observe(scene.hint("n2"));
        scene.beat("n2");
        scene.pass(Duration.ofSeconds(1));

        scene.observe(scene.hint("n2"));

        assertThat(scene.state().suspicion("n2")).isPresent();
    }

    @Test
    void theCoordinatorIsNotTakenForDeadByItself() {
        var scene = Scene.steady(6, "n1", "n2");

        scene.observe(scene.hint("n1"));

        assertThat(scene.decided()).isEmpty();
    }

    @Test
    void aNodeThatHasJustRestartedGetsNoFurtherLogs() {
        var scene = Scene.steady(6, "n1", "n2");
        scene.drop("n2");
        scene.run(Duration.ofSeconds(1));
        scene.start("n2");
        scene.run(Duration.ofSeconds(4));
        assertThat(scene.loads()).containsEntry("n2", 0);

        scene.run(Duration.ofSeconds(20));

        assertThat(scene.loads()).containsEntry("n2", 3);
    }

    @Test
    void aNodeThatComesAndGoesLosesItsLogsAndDoesNotGetThemBackAtOnce() {
        var scene = Scene.steady(6, "n1", "n2");
        for (var restart = 1; restart <= 3; restart++) {
            scene.start("n2");
            scene.run(Duration.ofSeconds(2));
        }

        assertThat(scene.loads()).containsEntry("n1", 6).containsEntry("n2", 0);
        var moved = scene.given();
        scene.start("n2");
        scene.run(Duration.ofSeconds(35));
        assertThat(scene.given()).as("held back for 40 s").isEqualTo(moved);
        scene.run(Duration.ofSeconds(30));
        assertThat(scene.loads()).containsEntry("n2", 3);
    }

    @Test
    void aNodeThatDoesNotReactLosesWhatItDidNotBeginAndGetsNothingElse() {
        // Channels stayed in the state of being assigned: Milvus #50423, #51078.
        var scene = Scene.steady(4, "n1", "n2");
        scene.silent("n2");
        scene.topic("u", 2);
        scene.run(Duration.ofSeconds(12));

        assertThat(scene.decisions(Reason.UNRESPONSIVE)).isEqualTo(1);
        assertThat(scene.loads()).containsEntry("n1", 4).containsEntry("n2", 2);
    }

    @Test
    void nothingIsDecidedWithoutMembers() {
        var scene = Scene.steady(4, "n1", "n2");
        scene.topic("u", 2);
        var seen = scene.situation();
        var blind = new Situation(
                seen.self(), seen.state(), seen.memberId(), Optional.empty(), seen.rates(), seen.hints(), seen.now());

        var plan = new Planner(PlacementSettings.DEFAULTS).plan(blind, Watch.NONE);

        assertThat(plan.changes().isEmpty()).isTrue();
    }
}
