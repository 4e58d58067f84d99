package io.seawall.coordinator.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.coordinator.member.FakeTopic.Fate;
import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.meta.MetaRecord.Node;
import io.seawall.coordinator.meta.MetaRecord.Suspicion;
import io.seawall.coordinator.meta.News;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OwnRecordTest {
    private final MemberLab lab = new MemberLab();

    private List<Node> announced() {
        return lab.topic().announced(Node.class);
    }

    @Test
    void aProcessAnnouncesItselfOnceItHasReadTheTopic() {
        lab.topic().deliverCurrent(false);
        lab.passDeaf(500);
        assertThat(announced()).isEmpty();

        lab.joined();

        assertThat(announced()).singleElement().satisfies(node -> {
            assertThat(node.id()).isEqualTo("n1");
            assertThat(node.incarnation()).isEqualTo("n1-a");
            assertThat(node.beat()).isZero();
            assertThat(node.url()).isEqualTo("http://n1");
            assertThat(node.peerUrl()).isEmpty();
            assertThat(node.leaving()).isFalse();
        });
        lab.pass(60_000);
        assertThat(announced()).hasSize(1);
    }

    @Test
    void aProcessAnnouncesItsOtherAddressesEachTime() {
        var usual = MemberSettings.of(MemberLab.SELF, "http://n1");
        var apart = new MemberLab(new MemberSettings(
                usual.self(),
                usual.url(),
                "http://inside",
                "n1:7071",
                usual.placement(),
                usual.hints(),
                usual.limits()));

        apart.joined();
        apart.topic().append(new Suspicion("n1", "n1-a", 0, "n2", MemberLab.START));
        apart.settle();

        assertThat(apart.topic().announced(Node.class))
                .hasSize(2)
                .allSatisfy(node -> assertThat(node.urlForPeers()).isEqualTo("http://inside"))
                .allSatisfy(node -> assertThat(node.grpc()).isEqualTo("n1:7071"));
    }

    @ParameterizedTest
    @EnumSource(
            value = Fate.class,
            names = {"HANGS", "FAILS"})
    void anAnnouncementThatIsNotWrittenIsRepeated(Fate fate) {
        lab.topic().announce(fate);
        lab.joined().pass(40_000);
        assertThat(announced().size()).isBetween(3, 30);

        lab.topic().announce(Fate.DONE);
        lab.pass(20_000);

        assertThat(lab.member().view().state().node("n1")).isPresent();
    }

    private void suspect(long beat) {
        lab.topic().append(new Suspicion("n1", "n1-a", beat, "n2", MemberLab.START));
        lab.settle();
    }

    @Test
    void aProcessThatFindsItselfSuspectedRaisesItsBeat() {
        lab.joined();
        suspect(0);
        assertThat(announced()).extracting(Node::beat).containsExactly(0L, 1L);
        assertThat(lab.member().view().state().suspicion("n1")).isEmpty();

        suspect(1);
        assertThat(announced()).extracting(Node::beat).containsExactly(0L, 1L, 2L);
        lab.pass(10_000);
        assertThat(announced()).hasSize(3);
    }

    @Test
    void aProcessThatIsSuspectedWhileItsAnnouncementIsUnderWayAnnouncesItselfAgain() {
        lab.joined();
        lab.topic().announce(Fate.HANGS);
        suspect(0);
        assertThat(announced()).hasSize(2);

        lab.topic().announce(Fate.DONE);
        lab.pass(16_000);

        assertThat(lab.member().view().state().node("n1"))
                .hasValueSatisfying(node -> assertThat(node.beat()).isEqualTo(1));
    }

    @Test
    void theSuspicionOfAFormerProcessChangesNothing() {
        lab.topic().append(MemberLab.node("n1", "n1-old"));
        lab.topic().append(new Suspicion("n1", "n1-old", 0, "n2", MemberLab.START));
        lab.joined().pass(5_000);

        assertThat(announced())
                .singleElement()
                .satisfies(node -> assertThat(node.beat()).isZero());
    }

    @Test
    void aRecordThatWasDeletedIsWrittenAgain() {
        lab.joined();
        lab.topic().append(new News.Removed(MetaKey.node("n1")));
        lab.pass(1_500);

        assertThat(announced()).hasSize(2);
        assertThat(lab.member().view().state().node("n1")).isPresent();
    }

    @Test
    void aRecordThatAnotherProcessReplacedIsWrittenAgainAfterAMoment() {
        lab.joined();
        lab.topic().append(MemberLab.node("n1", "n1-other"));
        lab.pass(900);
        assertThat(announced()).hasSize(1);

        lab.pass(600);
        assertThat(lab.member().view().state().node("n1"))
                .hasValueSatisfying(node -> assertThat(node.incarnation()).isEqualTo("n1-a"));
    }

    @Test
    void aProcessThatTheGroupDroppedLeavesTheOtherOnesRecordAlone() {
        lab.joined();
        lab.topic().append(MemberLab.node("n1", "n1-other"));
        lab.pass(500);
        lab.group().listener().onLost();
        lab.pass(30_000);
        assertThat(announced()).hasSize(1);

        lab.group().listener().onJoined("m-2");
        lab.pass(1_500);
        assertThat(announced()).hasSize(2);
    }

    @Test
    void aProcessThatIsAboutToEndSaysSo() {
        lab.joined();
        lab.member().leave();
        lab.settle();

        assertThat(announced()).extracting(Node::leaving).containsExactly(false, true);
        suspect(0);
        assertThat(announced()).last().satisfies(node -> {
            assertThat(node.leaving()).isTrue();
            assertThat(node.beat()).isEqualTo(1);
        });
    }
}
