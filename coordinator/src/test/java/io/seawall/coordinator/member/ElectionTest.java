package io.seawall.coordinator.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.coordinator.member.FakeTopic.Fate;
import io.seawall.coordinator.meta.MetaRecord.Condition;
import io.seawall.coordinator.meta.MetaRecord.Status;
import io.seawall.coordinator.meta.MetaRecord.Suspicion;
import io.seawall.coordinator.meta.MetaRecord.Topic;
import io.seawall.coordinator.placement.Changes;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ElectionTest {
    private final MemberLab lab = new MemberLab();

    @Test
    void leadsOnceItHasReadItsOwnAnnouncement() {
        lab.joined().group().members("n1");

        lab.group().listener().onElected();
        lab.run();
        assertThat(lab.role()).isEqualTo("announcing");
        assertThat(lab.member().view().leading()).isFalse();

        lab.settle();
        assertThat(lab.role()).isEqualTo("leading");
        assertThat(lab.member().view().leading()).isTrue();
        assertThat(lab.nowMs()).as("no tick was needed").isZero();
    }

    @Test
    void doesNotBeginBeforeItHasReadTheTopic() {
        lab.group().listener().onElected();
        lab.topic().append(new Topic("t", 1));
        lab.topic().deliverCurrent(false);
        lab.passDeaf(1_000);
        assertThat(lab.topic().nonces()).isEmpty();

        lab.topic().deliverCurrent(true);
        lab.settle();
        assertThat(lab.role()).isEqualTo("leading");
    }

    @ParameterizedTest
    @EnumSource(
            value = Fate.class,
            names = {"HANGS", "FAILS"})
    void anIdThatCannotBeTakenIsTriedAgainWithAnotherNonce(Fate fate) {
        lab.joined().topic().takeId(fate);
        lab.elect();
        assertThat(lab.topic().nonces()).containsExactly("nonce-1");

        lab.topic().takeId(Fate.DONE);
        lab.pass(10_300);

        assertThat(lab.topic().nonces()).containsExactly("nonce-1", "nonce-2");
        assertThat(lab.role()).isEqualTo("leading");
    }

    @ParameterizedTest
    @EnumSource(
            value = Fate.class,
            names = {"HANGS", "FAILS"})
    void anAnnouncementThatCannotBeWrittenIsTriedAgainWithAnotherNonce(Fate fate) {
        lab.joined().topic().write(fate);
        lab.elect();
        assertThat(lab.member().view().leading()).isFalse();

        lab.topic().write(Fate.DONE);
        lab.pass(10_300);

        assertThat(lab.topic().nonces()).containsExactly("nonce-1", "nonce-2");
        assertThat(lab.role()).isEqualTo("leading");
    }

    @Test
    void whatWasWrittenCountsAlsoIfItsAnswerIsLost() {
        lab.joined().topic().write(Fate.ANSWER_LOST);
        lab.elect();

        assertThat(lab.role()).isEqualTo("leading");
        lab.pass(30_000);
        assertThat(lab.topic().nonces()).hasSize(1);
    }

    @Test
    void aWriteThatIsAcknowledgedAndNeverReadEndsTheAttempt() {
        lab.joined();
        lab.group().listener().onElected();
        lab.run();
        lab.passDeaf(9_900);
        assertThat(lab.role()).isEqualTo("announcing");

        lab.passDeaf(300);

        assertThat(lab.topic().nonces()).containsExactly("nonce-1", "nonce-2");
    }

    @Test
    void thePausesBetweenAttemptsGrow() {
        lab.joined().topic().takeId(Fate.FAILS);
        lab.elect();

        lab.pass(2_000);
        var early = lab.topic().nonces().size();
        lab.pass(30_000);
        var late = lab.topic().nonces().size();

        assertThat(early).isBetween(4, 6);
        assertThat(late - early).isBetween(5, 9);
    }

    @Test
    void aDeposedNodeDoesNotTryAgain() {
        lab.leading();
        lab.group().listener().onDeposed();
        lab.pass(10_000);

        assertThat(lab.role()).isEqualTo("follower");
        assertThat(lab.topic().nonces()).hasSize(1);
    }

    @Test
    void aNodeThatIsDeposedWhileItFencesDoesNotAnnounceItself() {
        lab.joined().topic().takeId(Fate.HANGS);
        lab.elect();
        lab.group().listener().onDeposed();
        lab.pass(20_000);

        assertThat(lab.topic().written()).isEmpty();
        assertThat(lab.topic().nonces()).hasSize(1);
    }

    @Test
    void aCoordinatorThatReadsAnotherOnesRecordStepsDownAndTriesAgainOnlyWhileItHoldsThePartition() {
        lab.leading();
        lab.topic().append(MemberLab.coordinator("n2", "theirs"));
        lab.settle();
        assertThat(lab.role()).isEqualTo("follower");

        lab.pass(200);
        assertThat(lab.topic().nonces()).hasSize(2);
        assertThat(lab.role()).isEqualTo("leading");

        lab.group().listener().onDeposed();
        lab.topic().append(MemberLab.coordinator("n2", "theirs-2"));
        lab.pass(10_000);
        assertThat(lab.topic().nonces()).hasSize(2);
    }

    @Test
    void aFollowerDoesNotAskTheGroup() {
        lab.joined().pass(2_000);

        assertThat(lab.group().questions()).isZero();
    }

    @Test
    void aCoordinatorAsksAboutFiveTimesASecondAndAtOnceWhenItIsElected() {
        lab.leading();
        assertThat(lab.group().questions()).isEqualTo(1);

        lab.pass(2_000);

        assertThat(lab.group().questions()).isBetween(10, 11);
    }

    @Test
    void oneQuestionIsUnderWayAtATimeUntilItIsGivenUp() {
        lab.joined();
        lab.elect();
        lab.pass(1_900);
        assertThat(lab.group().questions()).isEqualTo(1);

        lab.pass(200);
        assertThat(lab.group().questions()).isEqualTo(2);
    }

    @Test
    void membersAreShownWhileTheNodeCoordinatesOnly() {
        lab.leading();
        assertThat(lab.member().view().members().orElseThrow()).containsExactly("n1");

        lab.group().listener().onDeposed();
        lab.settle();
        assertThat(lab.member().view().members()).isEmpty();
    }

    @Test
    void aHintLeadsToADecisionBeforeTheNextTick() {
        lab.leading();
        lab.topic().append(MemberLab.node("n2", "n2-a"));
        lab.group().members("n1", "n2");
        lab.pass(1_000);
        var before = lab.nowMs();

        lab.member().suspect(MemberLab.hint("n2"));
        lab.settle();

        assertThat(lab.nowMs()).isEqualTo(before);
        assertThat(records(lab.topic().written())).anyMatch(Suspicion.class::isInstance);
        assertThat(lab.member().view().state().suspicion("n2")).isPresent();
    }

    private static Stream<Object> records(List<Changes> written) {
        return written.stream().flatMap(changes -> changes.written().stream());
    }

    @Test
    void aListenerSeesEachBatchOfNewsAndEachRoleOnce() {
        lab.leading();

        assertThat(lab.views()).extracting(ClusterView::role).containsSubsequence("follower", "announcing", "leading");
        assertThat(lab.views().get(0).current()).isFalse();
        var seen = lab.views().size();
        lab.pass(1_000);
        assertThat(lab.views()).as("nothing happens").hasSize(seen);

        lab.topic().append(new Topic("u", 1));
        lab.settle();
        assertThat(lab.views().size()).isGreaterThan(seen);
        assertThat(lab.views().get(seen).state().topic("u")).isPresent();
    }

    @Test
    void aListenerThatFailsHarmsNeitherTheMemberNorOtherListeners() {
        lab.member().addListener(view -> {
            throw new IllegalStateException("a fault of the test");
        });
        lab.leading();

        assertThat(lab.role()).isEqualTo("leading");
        assertThat(lab.views().get(lab.views().size() - 1).role()).isEqualTo("leading");
    }

    @Test
    void closingLeavesTheGroupAndReleasesEverything() {
        lab.leading();
        lab.member().close();
        lab.member().close();

        assertThat(lab.group().isClosed()).isTrue();
        assertThat(lab.topic().isClosed()).isTrue();
        assertThat(lab.isStopped()).isTrue();
        lab.run();
        lab.member().tick();
        lab.member().report(MemberLab.status(0, 1, Condition.OPENING));
        lab.run();
        assertThat(lab.topic().announced(Status.class)).isEmpty();
    }
}
