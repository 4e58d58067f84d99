package io.seawall.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.coordinator.meta.Assignment.Note;
import io.seawall.coordinator.meta.Assignment.Owned;
import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.meta.MetaRecord;
import io.seawall.coordinator.meta.MetaRecord.Condition;
import io.seawall.coordinator.meta.MetaRecord.Freeze;
import io.seawall.coordinator.meta.MetaRecord.Node;
import io.seawall.coordinator.meta.MetaRecord.Status;
import io.seawall.coordinator.meta.MetaRecord.Topic;
import io.seawall.coordinator.meta.News;
import io.seawall.coordinator.meta.Reason;
import io.seawall.coordinator.placement.Changes;
import io.seawall.coordinator.placement.Command;
import io.seawall.coordinator.placement.PlacementSettings;
import io.seawall.coordinator.placement.Planner;
import io.seawall.coordinator.placement.Situation.Hint;
import io.seawall.coordinator.placement.Situation.Moment;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CoordinatorTest {
    private static final Instant START = Instant.parse("2026-11-30T08:00:00Z");
    private static final Owner SELF = new Owner("n1", "n1-a");
    private static final PChannel LOG = new PChannel("t", 0);

    private Coordinator coordinator = Coordinator.create(SELF, new Planner(PlacementSettings.DEFAULTS));
    private long nowMs;

    private List<Action> take(Coordinator.Step step) {
        coordinator = step.next();
        return step.actions();
    }

    private List<Action> read(MetaRecord... records) {
        return take(coordinator.onNews(
                Arrays.stream(records).<News>map(News.Written::new).toList()));
    }

    private Observation observation(Set<String> members, Hint... hints) {
        return new Observation("m-1", Optional.of(members), Map.of(), List.of(hints), now());
    }

    private Moment now() {
        return new Moment(nowMs, START.plusMillis(nowMs));
    }

    private static Node node(String id) {
        return new Node(id, id + "-a", 0, "", false, START);
    }

    private static MetaRecord.Coordinator of(String nonce, long decision) {
        return new MetaRecord.Coordinator("n1", "n1-a", nonce, decision, START);
    }

    /** Reads the records of a write, as they come back from the topic. */
    private List<Action> readBack(Action.Write write) {
        return read(write.changes().written().toArray(MetaRecord[]::new));
    }

    private Action.Write observeUntilItWrites(Set<String> members) {
        for (var each = 0; each < 100; each++) {
            nowMs += 100;
            var actions = take(coordinator.onObservation(observation(members)));
            if (!actions.isEmpty()) {
                return (Action.Write) actions.get(0);
            }
        }
        throw new AssertionError("nothing was written");
    }

    private void lead(String nonce) {
        take(coordinator.onElected(nonce));
        take(coordinator.onIdTaken(nonce, now()));
        read(of(nonce, 0));
    }

    @Test
    void aNewCoordinatorTakesTheIdThenAnnouncesItselfThenReadsAndOnlyThenDecides() {
        read(new Topic("t", 1), node("n1"));

        assertThat(take(coordinator.onElected("x"))).containsExactly(new Action.TakeId("x"));
        assertThat(take(coordinator.onObservation(observation(Set.of("n1"))))).isEmpty();
        var announcement = take(coordinator.onIdTaken("x", now()));
        assertThat(announcement).containsExactly(new Action.Write("x", Changes.of(of("x", 0))));
        nowMs += 60_000;
        assertThat(take(coordinator.onObservation(observation(Set.of("n1"))))).isEmpty();
        assertThat(coordinator.isLeading()).isFalse();
        read(of("x", 0));
        assertThat(coordinator.isLeading()).isTrue();

        var write = observeUntilItWrites(Set.of("n1"));
        assertThat(write.changes().written()).last().isInstanceOfSatisfying(MetaRecord.Coordinator.class, own -> {
            assertThat(own.nonce()).isEqualTo("x");
            assertThat(own.decision()).isEqualTo(1);
        });
    }

    @Test
    void whatThePredecessorWroteLastIsReadBeforeTheFirstDecision() {
        read(new Topic("t", 1), node("n1"));
        take(coordinator.onElected("x"));
        take(coordinator.onIdTaken("x", now()));
        nowMs += 60_000;
        assertThat(take(coordinator.onObservation(observation(Set.of("n1"))))).isEmpty();

        var late = new Owned(LOG, 7, new Owner("n2", "n2-a"), 0, note());
        read(late, of("old", 9), of("x", 0));
        var write = observeUntilItWrites(Set.of("n1"));

        assertThat(write.changes().written().get(0))
                .isInstanceOfSatisfying(
                        Owned.class, owned -> assertThat(owned.term()).isEqualTo(8));
    }

    private static Note note() {
        return new Note(Reason.NEW, "", START);
    }

    @Test
    void nothingIsDecidedBeforeTheLastDecisionWasRead() {
        read(new Topic("t", 1), node("n1"));
        lead("x");
        var write = observeUntilItWrites(Set.of("n1"));

        nowMs += 60_000;
        assertThat(take(coordinator.onObservation(observation(Set.of("n1"))))).isEmpty();
        assertThatThrownBy(() -> coordinator.onCommand(new Command.AddTopic("u", 1), observation(Set.of("n1"))))
                .isInstanceOfSatisfying(
                        WalException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        read(of("x", 0), new Topic("u", 1));
        assertThat(coordinator.role()).isEqualTo("writing");
        readBack(write);
        assertThat(coordinator.role()).isEqualTo("leading");
    }

    @Test
    void aWriteThatFailedEndsTheRoleAndANewElectionBeginsAnew() {
        lead("x");

        assertThat(take(coordinator.onWriteFailed("x", "fenced"))).containsExactly(new Action.StepDown("fenced"));
        assertThat(coordinator.role()).isEqualTo("follower");
        assertThat(take(coordinator.onWriteFailed("x", "fenced"))).isEmpty();
        assertThat(take(coordinator.onElected("y"))).containsExactly(new Action.TakeId("y"));
    }

    @Test
    void lateAnswersOfAnEarlierAttemptDoNothing() {
        take(coordinator.onElected("x"));
        take(coordinator.onDeposed());
        take(coordinator.onElected("y"));

        assertThat(take(coordinator.onIdTaken("x", now()))).isEmpty();
        assertThat(take(coordinator.onWriteFailed("x", "fenced"))).isEmpty();
        assertThat(coordinator.role()).isEqualTo("fencing");
        assertThat(take(coordinator.onIdTaken("y", now()))).hasSize(1);
    }

    @Test
    void aLaterCoordinatorsRecordEndsTheRole() {
        lead("x");

        var actions = read(new MetaRecord.Coordinator("n2", "n2-a", "z", 0, START));

        assertThat(actions).containsExactly(new Action.StepDown("n2 coordinates now"));
        assertThat(coordinator.isLeading()).isFalse();
    }

    @Test
    void aLaterCoordinatorsRecordEndsTheRoleDuringAWriteToo() {
        read(new Topic("t", 1), node("n1"));
        lead("x");
        observeUntilItWrites(Set.of("n1"));

        var actions = read(new MetaRecord.Coordinator("n2", "n2-a", "z", 0, START));

        assertThat(actions).containsExactly(new Action.StepDown("n2 coordinates now"));
        assertThat(coordinator.role()).isEqualTo("follower");
    }

    @Test
    void whatTheGroupAnsweredBeforeTheRoleEndedCountsNoMore() {
        read(node("n1"));
        lead("x");
        take(coordinator.onObservation(observation(Set.of("n1"))));
        take(coordinator.onDeposed());
        lead("y");

        assertThatThrownBy(() -> coordinator.onCommand(new Command.AddTopic("t", 1), observation(Set.of("n1"))))
                .isInstanceOfSatisfying(
                        WalException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    @Test
    void anEarlierCoordinatorsRecordDoesNot() {
        take(coordinator.onElected("x"));
        take(coordinator.onIdTaken("x", now()));

        assertThat(read(of("old", 9), of("x", 0))).isEmpty();
        assertThat(coordinator.isLeading()).isTrue();
    }

    @Test
    void eventsOfAnotherRoleDoNothing() {
        assertThat(take(coordinator.onIdTaken("x", now()))).isEmpty();
        assertThat(take(coordinator.onDeposed())).isEmpty();
        lead("x");
        assertThat(take(coordinator.onElected("y"))).isEmpty();
        assertThat(take(coordinator.onIdTaken("x", now()))).isEmpty();
        assertThat(coordinator.role()).isEqualTo("leading");
        assertThat(take(coordinator.onDeposed())).hasSize(1);
        assertThat(coordinator.role()).isEqualTo("follower");
    }

    @Test
    void anAnswerOfTheGroupWithoutThisNodeIsIgnored() {
        read(new Topic("t", 2), node("n1"), node("n2"));
        lead("x");
        var write = observeUntilItWrites(Set.of("n1", "n2"));
        readBack(write);

        nowMs += 1_000;
        assertThat(take(coordinator.onObservation(observation(Set.of())))).isEmpty();
        assertThat(take(coordinator.onObservation(observation(Set.of("n2"))))).isEmpty();
        nowMs += 60_000;
        assertThat(take(coordinator.onObservation(
                        new Observation("m-1", Optional.empty(), Map.of(), List.of(), now()))))
                .as("the silent nodes are found, the members are the last good ones")
                .hasSize(1);
    }

    @Test
    void aNodeIsGoneOnlyIfTheGroupSaysSoAfterTheGrace() {
        read(new Topic("t", 1), node("n1"), node("n2"));
        read(new Owned(LOG, 3, new Owner("n2", "n2-a"), 0, note()));
        read(new Status(LOG, "n2-a", 3, Condition.AVAILABLE, "", "", -1, "", 0, START));
        lead("x");
        assertThat(take(coordinator.onObservation(observation(Set.of("n1"))))).isEmpty();

        nowMs += 60_000;
        assertThat(take(coordinator.onObservation(
                        new Observation("m-1", Optional.empty(), Map.of(), List.of(), now()))))
                .isEmpty();
        assertThat(take(coordinator.onObservation(observation(Set.of("n2"))))).isEmpty();
        assertThat(take(coordinator.onObservation(observation(Set.of("n1"))))).hasSize(1);
    }

    @Test
    void aFollowerThatTakesOverKnowsForHowLongTheOthersAreThere() {
        read(new Topic("t", 1), node("n1"), node("n2"));
        read(new Owned(LOG, 3, new Owner("n2", "n2-a"), 0, note()));
        coordinator = coordinator
                .onObservation(new Observation("m-1", Optional.empty(), Map.of(), List.of(), now()))
                .next();
        nowMs += 60_000;
        lead("x");

        var actions = take(coordinator.onObservation(observation(Set.of("n1"))));

        assertThat(actions).as("at once, without another grace").hasSize(1);
    }

    @Test
    void aHintThatComesBeforeTheElectionIsNotLost() {
        read(new Topic("t", 1), node("n1"), node("n2"));
        read(new Owned(LOG, 3, new Owner("n2", "n2-a"), 0, note()));
        read(new Status(LOG, "n2-a", 3, Condition.AVAILABLE, "", "", -1, "", 0, START));
        take(coordinator.onObservation(observation(Set.of("n1", "n2"), new Hint("n2", "n2-a", "n3"))));
        nowMs += 500;
        lead("x");

        var write = (Action.Write)
                take(coordinator.onObservation(observation(Set.of("n1", "n2")))).get(0);

        assertThat(write.changes().written())
                .hasAtLeastOneElementOfType(MetaRecord.Suspicion.class)
                .hasAtLeastOneElementOfType(Owned.class);
    }

    @Test
    void aHintIsWorthNothingOnceTheNodeAnnouncedItselfAgain() {
        read(new Topic("t", 1), node("n1"), node("n2"));
        read(new Owned(LOG, 3, new Owner("n2", "n2-a"), 0, note()));
        read(new Status(LOG, "n2-a", 3, Condition.AVAILABLE, "", "", -1, "", 0, START));
        take(coordinator.onObservation(observation(Set.of("n1", "n2"), new Hint("n2", "n2-a", "n3"))));
        read(new Node("n2", "n2-a", 1, "", false, START));
        lead("x");

        assertThat(take(coordinator.onObservation(observation(Set.of("n1", "n2")))))
                .isEmpty();
    }

    @Test
    void aCommandIsATransactionOfItsOwn() {
        read(new Topic("t", 1), node("n1"));
        lead("x");
        readBack(observeUntilItWrites(Set.of("n1")));
        take(coordinator.onObservation(observation(Set.of("n1"))));

        var actions = take(coordinator.onCommand(
                new Command.FreezeMoves(MetaKey.freezeAll(), "audit", Optional.of(Duration.ofHours(1))),
                observation(Set.of("n1"))));

        assertThat(actions)
                .singleElement()
                .isInstanceOfSatisfying(
                        Action.Write.class,
                        write -> assertThat(write.changes().written())
                                .extracting(record -> record.key().toString())
                                .containsExactly("freeze/all", "coordinator"));
    }

    @Test
    void explainsWhyALogIsWhereItIs() {
        read(new Topic("t", 2), node("n1"), node("n2"));
        lead("x");
        readBack(observeUntilItWrites(Set.of("n1")));
        var owned = (Owned) coordinator.state().assignment(LOG).orElseThrow();
        read(new Status(LOG, "n1-a", owned.term(), Condition.AVAILABLE, "", "", -1, "", 0, at(30_000)));
        read(new Status(
                LOG, "n1-a", owned.term(), Condition.FAILED, "FENCED", "lane a", 9, "other-1", 4_000, at(34_000)));
        nowMs += 100;
        take(coordinator.onObservation(observation(Set.of("n1"))));

        var explanation = coordinator.explain(LOG).orElseThrow();

        assertThat(explanation.assignment().note().text()).startsWith("a new log; n1 had the fewest logs, ");
        assertThat(explanation.waits())
                .hasValueSatisfying(waits ->
                        assertThat(waits).contains("n1 lost term " + owned.term() + ": FENCED, rival other-1, lane a"));
        assertThat(explanation.rivals()).extracting(Status::rival).containsExactly("other-1");
        assertThat(explanation.transitions())
                .extracting(Explanation.Transition::what)
                .containsExactly("owned", "available", "failed");
        assertThat(explanation.transitions().get(1).lasted()).contains(Duration.ofSeconds(4));
        assertThat(explanation.transitions().get(2).lasted()).isEmpty();
        assertThat(explanation.transitions().get(2).text()).contains("FENCED by other-1");
    }

    private static Instant at(long ms) {
        return START.plusMillis(ms);
    }

    @ParameterizedTest
    @CsvSource({"a/b, p", "n1, p/q", "'', p", "n1, ''", "nöd, p", "-n, p"})
    void refusesNamesThatNoRecordCanHold(String node, String incarnation) {
        var planner = new Planner(PlacementSettings.DEFAULTS);

        assertThatThrownBy(() -> Coordinator.create(new Owner(node, incarnation), planner))
                .isInstanceOfSatisfying(
                        WalException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.INVALID));
    }

    @Test
    void explainsALogThatWasNotPlacedYetAndNoneThatIsNot() {
        read(new Topic("t", 1));

        assertThat(coordinator.explain(LOG))
                .hasValueSatisfying(explanation ->
                        assertThat(explanation.assignment().term()).isEqualTo(-1));
        assertThat(coordinator.explain(new PChannel("t", 1))).isEmpty();
    }

    @Test
    void changesNameTheReasonAsItIsInTheTopic() {
        read(new Topic("t", 1), node("n1"));
        var note = new Note(Reason.OWNER_SUSPECTED, "n2 was reported dead", START);
        read(new Owned(LOG, 1, new Owner("n1", "n1-a"), 0, note));

        assertThat(coordinator.explain(LOG).orElseThrow().transitions())
                .extracting(Explanation.Transition::text)
                .containsExactly("owner-suspected: n2 was reported dead");
    }

    @Test
    void keepsTwentyChangesOfALog() {
        read(new Topic("t", 1), node("n1"));
        Stream.iterate(0L, term -> term + 1)
                .limit(50)
                .forEach(term -> read(new Owned(LOG, term, new Owner("n1", "n1-a"), 0, note())));

        var transitions = coordinator.explain(LOG).orElseThrow().transitions();

        assertThat(transitions).hasSize(20);
        assertThat(transitions.get(0).term()).isEqualTo(30);
        assertThat(transitions.get(19).term()).isEqualTo(49);
    }

    /** A freeze that is over shows whether there was a plan: the plan removes it. */
    private void rest() {
        read(node("n1"), node("n2"));
        lead("x");
        read(new Freeze(MetaKey.freezeAll(), "audit", Optional.of(at(60_300)), START));
        nowMs = 60_000;
        assertThat(take(coordinator.onObservation(observation(Set.of("n1", "n2")))))
                .isEmpty();
        nowMs = 60_400;
    }

    private static void assertRemovesTheFreeze(List<Action> actions) {
        assertThat(actions)
                .singleElement()
                .isInstanceOfSatisfying(
                        Action.Write.class,
                        write -> assertThat(write.changes().removed()).containsExactly(MetaKey.freezeAll()));
    }

    @Test
    void aCoordinatorWithNothingToDoPlansOnceASecond() {
        rest();

        assertThat(take(coordinator.onObservation(observation(Set.of("n1", "n2")))))
                .isEmpty();
        nowMs = 60_999;
        assertThat(take(coordinator.onObservation(observation(Set.of("n1", "n2")))))
                .isEmpty();
        nowMs = 61_000;
        assertRemovesTheFreeze(take(coordinator.onObservation(observation(Set.of("n1", "n2")))));
    }

    static Stream<Observation> changedObservations() {
        var now = new Moment(60_400, START.plusMillis(60_400));
        var all = Optional.of(Set.of("n1", "n2"));
        return Stream.of(
                new Observation("m-1", Optional.of(Set.of("n1")), Map.of(), List.of(), now),
                new Observation("m-2", all, Map.of(), List.of(), now),
                new Observation("m-1", all, Map.of(), List.of(new Hint("n2", "n2-a", "n1")), now));
    }

    @ParameterizedTest
    @MethodSource("changedObservations")
    void anyChangeEndsTheRest(Observation changed) {
        rest();

        assertRemovesTheFreeze(take(coordinator.onObservation(changed)));
    }

    @Test
    void otherByteRatesAreUsedByThePlanAfterTheRest() {
        rest();
        var rates = Map.of(LOG, 1L);
        var all = Optional.of(Set.of("n1", "n2"));

        var early = new Observation("m-1", all, rates, List.of(), new Moment(60_400, START.plusMillis(60_400)));
        assertThat(take(coordinator.onObservation(early))).isEmpty();
        var later = new Observation("m-1", all, rates, List.of(), new Moment(61_000, START.plusMillis(61_000)));
        assertRemovesTheFreeze(take(coordinator.onObservation(later)));
    }

    @Test
    void newsEndTheRest() {
        rest();
        read(new Topic("t", 1));

        var actions = take(coordinator.onObservation(observation(Set.of("n1", "n2"))));

        assertRemovesTheFreeze(actions);
    }

    @Test
    void aLogThatWaitsAllowsNoRest() {
        read(new Topic("t", 1)); // waits until the members have been the same for a moment
        rest();

        assertRemovesTheFreeze(take(coordinator.onObservation(observation(Set.of("n1", "n2")))));
    }
}
