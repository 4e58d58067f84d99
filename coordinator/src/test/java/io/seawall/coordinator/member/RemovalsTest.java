package io.seawall.coordinator.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.coordinator.meta.MetaRecord.Node;
import io.seawall.coordinator.meta.MetaRecord.Suspicion;
import io.seawall.coordinator.placement.Situation.Hint;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RemovalsTest {
    private final MemberLab lab = new MemberLab();

    /** Node n9 coordinates; n1 is a follower, and there are these other nodes. */
    private void cluster(String... others) {
        lab.topic().append(MemberLab.node("n9", "n9-a"));
        for (var other : others) {
            lab.topic().append(MemberLab.node(other, other + "-a"));
        }
        lab.topic().append(MemberLab.coordinator("n9", "theirs"));
        lab.joined();
    }

    private void suspect(String node) {
        lab.member().suspect(MemberLab.hint(node));
        lab.settle();
    }

    /** Returns other nodes of which so many come before n1 if n9 is dead. */
    private static List<String> others(int before) {
        var order = new ArrayList<>(Successors.order("n9-a", List.of("n1", "a", "b", "c", "d", "e", "f", "g")));
        var mine = order.indexOf("n1");
        assertThat(mine).as("%s", order).isGreaterThanOrEqualTo(before);
        return order.subList(mine - before, mine);
    }

    @Test
    void theFirstNodeRemovesADeadCoordinatorAtOnce() {
        cluster();
        suspect("n9");

        assertThat(lab.group().removed()).containsExactly("n9");
        assertThat(lab.nowMs()).isZero();
    }

    @Test
    void anotherNodeWaitsForThoseBeforeIt() {
        cluster(others(1).toArray(String[]::new));
        suspect("n9");
        lab.pass(400);
        assertThat(lab.group().removed()).isEmpty();

        lab.pass(200);
        assertThat(lab.group().removed()).containsExactly("n9");
    }

    @Test
    void aNodeDoesNothingWhenAnotherCoordinatorHasAnnouncedItselfMeanwhile() {
        var before = others(1);
        cluster(before.get(0));
        suspect("n9");
        lab.pass(300);
        lab.topic().append(MemberLab.coordinator(before.get(0), "new"));
        lab.pass(10_000);

        assertThat(lab.group().removed()).isEmpty();
    }

    @Test
    void nodesThatLeaveAreSuspectedOrWereReportedDeadDoNotCount() {
        var before = others(1);
        var first = before.get(0);
        cluster();
        lab.topic().append(new Node(first, first + "-a", 0, "", true, MemberLab.START));
        lab.topic().append(MemberLab.node("s", "s-a"));
        lab.topic().append(new Suspicion("s", "s-a", 0, "n2", MemberLab.START));
        lab.settle();
        suspect("n9");

        assertThat(lab.group().removed()).containsExactly("n9");
    }

    @Test
    void aFirstNodeThatIsDeadTooIsNotWaitedFor() {
        var first = others(1).get(0);
        cluster(first);
        suspect(first);
        assertThat(lab.group().removed()).isEmpty();

        suspect("n9");
        assertThat(lab.group().removed()).containsExactly("n9");
    }

    @Test
    void theRemovalIsRepeatedWithAPauseUntilTheSessionIsOver() {
        cluster();
        lab.group().removes(false);
        suspect("n9");
        lab.pass(900);
        assertThat(lab.group().removed()).hasSize(1);

        lab.pass(60_000);
        assertThat(lab.group().removed()).hasSize(6).containsOnly("n9");
    }

    @Test
    void aCoordinatorThatAnnouncesItselfAgainIsNotRemoved() {
        cluster();
        lab.group().removes(false);
        suspect("n9");
        lab.topic().append(new Node("n9", "n9-b", 0, "", false, MemberLab.START));
        lab.pass(10_000);

        assertThat(lab.group().removed()).hasSize(1);
    }

    @Test
    void aNodeThatDoesNotCoordinateIsRemovedOnlyIfNobodyTakesTheHintIn() {
        cluster("n5");
        suspect("n5");
        lab.pass(1_900);
        assertThat(lab.group().removed()).isEmpty();
        lab.pass(800);
        assertThat(lab.group().removed()).contains("n5");

        var other = new MemberLab();
        other.topic().append(MemberLab.node("n9", "n9-a"), MemberLab.node("n5", "n5-a"));
        other.topic().append(MemberLab.coordinator("n9", "theirs"));
        other.joined();
        other.member().suspect(MemberLab.hint("n5"));
        other.settle();
        other.topic().append(new Suspicion("n5", "n5-a", 0, "n1", MemberLab.START));
        other.pass(10_000);
        assertThat(other.group().removed()).isEmpty();
    }

    @Test
    void aHintAboutAnotherProcessAboutThisNodeOrAboutAnUnknownOneIsIgnored() {
        cluster();
        lab.member().suspect(new Hint("n9", "n9-old", "n2"));
        lab.member().suspect(new Hint("n1", "n1-a", "n2"));
        lab.member().suspect(new Hint("n7", "n7-a", "n2"));
        lab.pass(10_000);

        assertThat(lab.group().removed()).isEmpty();
    }

    @Test
    void hintsThatAreSwitchedOffAreIgnored() {
        var off = new MemberLab(MemberLab.settings(false, MemberSettings.Limits.DEFAULTS));
        off.topic().append(MemberLab.node("n9", "n9-a"), MemberLab.coordinator("n9", "theirs"));
        off.joined();
        off.member().suspect(MemberLab.hint("n9"));
        off.pass(10_000);

        assertThat(off.group().removed()).isEmpty();
    }

    @Test
    void aCoordinatorRemovesNoMember() {
        lab.leading();
        lab.topic().append(MemberLab.node("n2", "n2-a"));
        lab.group().members("n1", "n2");
        lab.pass(1_000);
        suspect("n2");
        lab.pass(10_000);

        assertThat(lab.group().removed()).isEmpty();
    }
}
