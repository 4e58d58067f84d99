package io.seawall.coordinator.placement;

import static io.seawall.coordinator.placement.Scene.log;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.coordinator.meta.Assignment;
import io.seawall.coordinator.meta.Assignment.Releasing;
import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.meta.News;
import io.seawall.coordinator.meta.Reason;
import io.seawall.wal.PChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Moves of logs that have a healthy owner: handovers, balance, pins, drains and freezes. */
class MovingTest {
    private static final Duration LONG = Duration.ofMinutes(2);

    private static PChannel logOn(Scene scene, String node) {
        return scene.homes().entrySet().stream()
                .filter(home -> home.getValue().equals(node))
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    @Test
    void nothingMovesForADifferenceOfOne() {
        var scene = Scene.steady(7, "n1", "n2", "n3");

        scene.run(LONG);

        assertThat(scene.decided()).isEmpty();
    }

    @Test
    void aNodeThatJoinsGetsItsShareAndNoMore() {
        var scene = Scene.steady(9, "n1", "n2");

        scene.start("n3");
        scene.run(LONG);

        assertThat(scene.loads()).containsEntry("n3", 3);
        assertThat(scene.given()).isEqualTo(3);
    }

    @Test
    void nodesWithFewLogsReleaseNone() {
        // A node below the average released its only log: Milvus #50135.
        var scene = Scene.steady(12, "n1", "n2", "n3");
        scene.drop("n3");
        scene.run(Duration.ofSeconds(30));
        scene.decided().clear();

        scene.start("n3");
        scene.run(LONG);

        assertThat(scene.decided())
                .filteredOn(Releasing.class::isInstance)
                .allSatisfy(each -> assertThat(((Releasing) each).target()).isEqualTo("n3"));
        assertThat(scene.given()).isEqualTo(4);
    }

    @Test
    void logsOnTheirWayCountWhereTheyGo() {
        // The same logs were released again, as those under way did not count: Milvus #22324.
        var scene = Scene.steady(8, "n1", "n2");
        scene.start("n3");
        scene.pass(Duration.ofSeconds(20));
        scene.observe();
        scene.pass(Duration.ofSeconds(2));
        scene.observe();
        scene.observe();

        assertThat(scene.decided()).filteredOn(Releasing.class::isInstance).hasSize(2);
    }

    @Test
    void onlySoManyLogsAreMovedAtOnce() {
        var scene = Scene.steady(64, "n1", "n2");

        scene.start("n3");
        scene.pass(Duration.ofSeconds(20));
        scene.observe();
        scene.pass(Duration.ofSeconds(2));
        scene.observe();

        assertThat(scene.state().assignments())
                .filteredOn(Releasing.class::isInstance)
                .hasSize(8);
    }

    @Test
    void tenJoinsAndLeavesCostHardlyMoreMovesThanTheLeast() {
        var random = new SplittableRandom(13);
        var scene = Scene.steady(60, "n1", "n2", "n3");
        var there = new TreeSet<String>(scene.loads().keySet());
        var least = 0L;
        for (var each = 0; each < 10; each++) {
            if (there.size() > 2 && random.nextBoolean()) {
                var gone = there.last();
                least += scene.load(gone);
                there.remove(gone);
                scene.drop(gone);
            } else {
                var next = "m" + each;
                there.add(next);
                scene.start(next);
                least += 60 / there.size();
            }
            scene.run(Duration.ofSeconds(40));
        }

        var moved = scene.given();
        System.out.println("ten joins and leaves: " + moved + " moves, at least " + least);
        assertThat(moved).isBetween(least, least + 10);
        assertThat(there)
                .allSatisfy(node -> assertThat(scene.load(node)).isBetween(60 / there.size(), 60 / there.size() + 1));
    }

    @Test
    void aThousandLogsAreBalancedAndTheLossOfANodeIsSettled() {
        var scene = Scene.steady(1_000, "n1", "n2", "n3");
        assertThat(scene.loads().values()).allMatch(logs -> logs == 333 || logs == 334);

        scene.drop("n3");
        scene.run(Duration.ofSeconds(30));

        assertThat(scene.loads()).containsEntry("n1", 500).containsEntry("n2", 500);
        assertThat(scene.given()).isBetween(333L, 334L);
    }

    @Test
    void aHandoverIsAReleaseAndThenTheNextTerm() {
        var scene = Scene.steady(4, "n1", "n2");
        var log = logOn(scene, "n2");
        var term = scene.owned(log).term();

        scene.command(new Command.PinLog(log, "n1", "near"));
        scene.observe();
        assertThat(scene.state().assignment(log)).get().isInstanceOf(Releasing.class);
        scene.observe();
        assertThat(scene.state().assignment(log)).get().isInstanceOf(Releasing.class);
        scene.work();
        scene.observe();

        assertThat(scene.home(log)).isEqualTo("n1");
        assertThat(scene.owned(log).term()).isEqualTo(term + 1);
        assertThat(scene.owned(log).note().reason()).isEqualTo(Reason.PIN);
    }

    @Test
    void aHandoverDoesNotWaitForASourceThatIsGone() {
        // A close waited for ever for a server that was dead: HBASE-28522.
        var scene = Scene.steady(4, "n1", "n2");
        var log = logOn(scene, "n2");
        scene.command(new Command.PinLog(log, "n1", "near"));
        scene.observe();

        scene.observe(scene.hint("n2"));

        assertThat(scene.home(log)).isEqualTo("n1");
        assertThat(scene.owned(log).note().text()).contains("n2 is not there to release it");
    }

    @Test
    void aHandoverDoesNotWaitForASourceThatRestarted() {
        var scene = Scene.steady(4, "n1", "n2");
        var log = logOn(scene, "n2");
        scene.command(new Command.PinLog(log, "n1", "near"));
        scene.observe();

        scene.start("n2");
        scene.observe();

        assertThat(scene.home(log)).isEqualTo("n1");
    }

    @Test
    void aReleaseThatHangsEnds() {
        var scene = Scene.steady(4, "n1", "n2");
        var log = logOn(scene, "n2");
        scene.command(new Command.PinLog(log, "n1", "near"));
        scene.silent("n2");
        scene.run(Duration.ofSeconds(14));
        assertThat(scene.state().assignment(log)).get().isInstanceOf(Releasing.class);

        scene.run(Duration.ofSeconds(2));

        assertThat(scene.home(log)).isEqualTo("n1");
        assertThat(scene.owned(log).note().text()).contains("did not release it within PT15S");
    }

    @Test
    void aHandoverWhoseTargetIsGoneEndsAtAnotherNode() {
        var scene = Scene.steady(6, "n1", "n2", "n3");
        var log = logOn(scene, "n2");
        scene.command(new Command.PinLog(log, "n3", "near"));
        scene.observe();
        scene.observe(scene.hint("n3"));

        scene.work();
        scene.observe();

        assertThat(scene.home(log)).isIn("n1", "n2");
        assertThat(scene.loads().values().stream().mapToInt(Integer::intValue).sum())
                .isEqualTo(6);
    }

    @Test
    void aDrainedNodeIsEmptiedAndStaysEmptyOverItsRestartUntilItIsResumed() {
        var scene = Scene.steady(6, "n1", "n2", "n3");
        scene.command(new Command.DrainNode("n2", false, "new disk"));
        scene.run(Duration.ofSeconds(10));
        assertThat(scene.loads()).containsEntry("n1", 3).containsEntry("n2", 0).containsEntry("n3", 3);
        scene.start("n2");
        scene.run(LONG);
        assertThat(scene.loads()).containsEntry("n2", 0);

        scene.command(new Command.ResumeNode("n2"));
        scene.run(LONG);

        assertThat(scene.loads()).containsEntry("n1", 2).containsEntry("n2", 2).containsEntry("n3", 2);
    }

    @Test
    void aDrainThatHasNoTargetAnyMoreLeavesTheLogsWhereTheyAre() {
        var scene = Scene.steady(4, "n1", "n2");
        scene.command(new Command.DrainNode("n1", false, "new disk"));
        scene.observe(scene.hint("n2"));

        scene.run(LONG);

        assertThat(scene.loads()).as("rather there than nowhere").containsEntry("n1", 4);
        assertThat(scene.waits(log(0))).contains("n1 is drained", "no other node may take it");
    }

    @Test
    void aForcedDrainLeavesLogsWithoutAnOwnerUntilANodeComes() {
        var scene = Scene.steady(4, "n1");
        scene.command(new Command.DrainNode("n1", true, "it burns"));
        scene.run(Duration.ofSeconds(10));
        assertThat(scene.state().assignments()).extracting(Assignment::phase).containsOnly(Assignment.Phase.UNOWNED);
        assertThat(scene.waits(log(0))).contains("no node may take it");

        scene.start("n2");
        scene.run(Duration.ofSeconds(10));

        assertThat(scene.loads()).containsEntry("n2", 4);
    }

    @Test
    void aNodeThatLeavesHandsOverEverythingThoughMovesAreFrozen() {
        var scene = Scene.steady(6, "n1", "n2");
        scene.command(new Command.FreezeMoves(MetaKey.freezeAll(), "audit", Optional.empty()));

        scene.leaving("n2");
        scene.run(Duration.ofSeconds(10));

        assertThat(scene.loads()).containsEntry("n1", 6);
        assertThat(scene.decisions(Reason.OWNER_LEAVING)).isEqualTo(6);
    }

    @Test
    void aPinToANodeThatIsAwayWaitsForIt() {
        var scene = Scene.steady(6, "n1", "n2", "n3");
        var log = logOn(scene, "n3");
        scene.command(new Command.PinLog(log, "n3", "near"));
        scene.drop("n3");
        scene.run(LONG);
        assertThat(scene.home(log)).isIn("n1", "n2");
        assertThat(scene.waits(log)).contains("pinned to n3", "n3 is gone");

        scene.start("n3");
        scene.run(LONG);

        assertThat(scene.home(log)).isEqualTo("n3");
    }

    @Test
    void aPinnedLogIsNotMovedForBalance() {
        var scene = Scene.steady(4, "n1");
        for (var each = 0; each < 4; each++) {
            scene.command(new Command.PinLog(log(each), "n1", "near"));
        }

        scene.start("n2");
        scene.run(LONG);

        assertThat(scene.loads()).containsEntry("n1", 4).containsEntry("n2", 0);
    }

    @Test
    void aFreezeThatExpiresLetsGo() {
        var scene = Scene.steady(6, "n1", "n2");
        scene.command(new Command.FreezeMoves(MetaKey.freezeAll(), "audit", Optional.of(Duration.ofMinutes(2))));
        scene.start("n3");
        scene.run(Duration.ofMinutes(1));
        assertThat(scene.decided()).isEmpty();

        scene.run(LONG);

        assertThat(scene.loads()).containsEntry("n3", 2);
        assertThat(scene.has(MetaKey.freezeAll())).as("the record is deleted").isFalse();
    }

    @Test
    void aFreezeOfANodeOutlivesItsAbsenceAndKeepsItsLogs() {
        // A freeze was lost when its node was out of sight: Milvus #53185.
        var scene = Scene.steady(6, "n1", "n2");
        scene.command(new Command.FreezeMoves(MetaKey.freezeNode("n2"), "maintenance", Optional.empty()));
        scene.start("n2");
        scene.run(Duration.ofSeconds(10));
        assertThat(scene.loads()).as("its own after a restart").containsEntry("n2", 3);

        scene.drop("n2");
        scene.run(LONG);
        scene.start("n2");
        scene.run(LONG);

        assertThat(scene.loads()).as("nothing is moved to it").containsEntry("n1", 6);
        assertThat(scene.has(MetaKey.freezeNode("n2"))).isTrue();
    }

    @Test
    void aFrozenLogStillGetsAnOwner() {
        // A freeze kept a partition without a leader: Restate #4577.
        var scene = Scene.steady(2, "n1", "n2");
        var log = logOn(scene, "n2");
        scene.command(new Command.FreezeMoves(MetaKey.freezePChannel(log), "audit", Optional.empty()));

        scene.observe(scene.hint("n2"));

        assertThat(scene.home(log)).isEqualTo("n1");
    }

    @Test
    void aFreezeStopsPinsAndDrainsAndSaysSo() {
        var scene = Scene.steady(4, "n1", "n2");
        var log = logOn(scene, "n2");
        scene.command(new Command.FreezeMoves(MetaKey.freezeAll(), "audit", Optional.empty()));
        scene.command(new Command.PinLog(log, "n1", "near"));
        scene.command(new Command.DrainNode("n1", false, "new disk"));

        scene.run(Duration.ofSeconds(30));

        assertThat(scene.decided()).isEmpty();
        assertThat(scene.waits(log)).contains("all moves are frozen: audit");
        assertThat(scene.waits(logOn(scene, "n1"))).contains("the drain of n1 waits: all moves are frozen: audit");
    }

    @Test
    void aFreezeOfALaterVersionIsInForce() {
        var scene = Scene.steady(6, "n1", "n2");
        scene.read(new News.Unreadable(MetaKey.freezeAll(), "format 2"));

        scene.start("n3");
        scene.run(LONG);

        assertThat(scene.decided()).isEmpty();
    }

    @Test
    void loadsAreEvenedOutByExchange() {
        var scene = Scene.steady(4, "n1", "n2");
        for (var each = 0; each < 4; each++) {
            scene.rate(log(each), scene.home(log(each)).equals("n1") ? 20L << 20 : 2L << 20);
        }

        scene.run(Duration.ofMinutes(10));

        assertThat(scene.loads()).containsEntry("n1", 2).containsEntry("n2", 2);
        assertThat(scene.decisions(Reason.BALANCE_RATE))
                .as("two releases, two owners")
                .isEqualTo(4);
    }

    @Test
    void loadsAreEvenedOutByAMoveThatKeepsTheNumbersBalanced() {
        var scene = Scene.steady(3, "n1", "n2");
        var full = scene.load("n1") == 2 ? "n1" : "n2";
        for (var each = 0; each < 3; each++) {
            scene.rate(log(each), scene.home(log(each)).equals(full) ? 20L << 20 : 2L << 20);
        }

        scene.run(Duration.ofMinutes(10));

        assertThat(scene.loads()).containsEntry(full, 1);
        assertThat(scene.given()).isEqualTo(1);
    }

    @Test
    void loadsThatAreNotAllKnownMoveNothing() {
        var scene = Scene.steady(4, "n1", "n2");
        scene.rate(logOn(scene, "n1"), 100L << 20);

        scene.run(Duration.ofMinutes(10));

        assertThat(scene.decided()).isEmpty();
    }

    @Test
    void aSmallDifferenceOfLoadsMovesNothing() {
        var scene = Scene.steady(4, "n1", "n2");
        for (var each = 0; each < 4; each++) {
            scene.rate(log(each), scene.home(log(each)).equals("n1") ? 5L << 20 : 4L << 20);
        }

        scene.run(Duration.ofMinutes(10));

        assertThat(scene.decided()).isEmpty();
    }
}
