package io.seawall.client.internal.write;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.seawall.api.v1.WalRecord;
import io.seawall.client.internal.rpc.CallFailure;
import io.seawall.client.log.Ack;
import io.seawall.client.log.Codes;
import io.seawall.client.log.Effect;
import io.seawall.client.log.SeawallException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Single decisions of the machine, told as transcripts. The whole is tested by {@link WriterWorldTest}. */
class WriterMachineTest {
    private static final CallLimits NO_LIMITS = new CallLimits(0, 0, 0);

    private final List<String> said = new ArrayList<>();
    private int sessions;
    private final WriterMachine machine = machine("s0", true);

    private WriterMachine machine(@Nullable String session, boolean replaceable) {
        return machine(session, replaceable, false);
    }

    private WriterMachine machine(@Nullable String session, boolean replaceable, boolean firstTime) {
        return new WriterMachine(
                new MachineSettings(
                        "x-0", session, 0, replaceable ? () -> "s" + ++sessions : null, firstTime, false, 1_000, 500),
                new Reconnects() {
                    @Override
                    public long failed(CallFailure failure) {
                        return 10;
                    }

                    @Override
                    public void succeeded() {
                        // pauses do not grow here
                    }
                });
    }

    private static Batch batch(String name) {
        return batch(name, 100_000);
    }

    private static Batch batch(String name, long deadlineMs) {
        var record =
                WalRecord.newBuilder().setValue(ByteString.copyFromUtf8(name)).build();
        return new Batch(List.of(new PendingAppend(List.of(record), null)), deadlineMs);
    }

    private static String name(Batch batch) {
        return batch.allRecords().get(0).getValue().toStringUtf8();
    }

    private static SeawallException problem(String code) {
        return SeawallException.of(code, "test").build();
    }

    private static SeawallException gap(long expected) {
        return SeawallException.of(Codes.SEQUENCE_GAP, "test")
                .numbers(Map.of("expectedSeq", expected))
                .build();
    }

    /** Returns what the machine decided since the last call, one word for each decision. */
    private List<String> decided(WriterMachine from) {
        said.clear();
        for (var decision : from.take()) {
            if (decision instanceof Decision.Open open) {
                said.add("open " + open.session());
            } else if (decision instanceof Decision.Send send) {
                said.add("send " + name(send.batch()) + " as " + send.seq());
            } else if (decision instanceof Decision.Cancel) {
                said.add("cancel");
            } else if (decision instanceof Decision.Acknowledge acknowledge) {
                said.add("ack " + name(acknowledge.batch()));
            } else if (decision instanceof Decision.Fail fail) {
                said.add("fail " + name(fail.batch()) + " " + fail.error().code());
            } else if (decision instanceof Decision.End end) {
                said.add("end " + end.error().code());
            }
        }
        return List.copyOf(said);
    }

    private List<String> decided() {
        return decided(machine);
    }

    private void add(String... names) {
        for (var name : names) {
            machine.add(batch(name), 0);
        }
    }

    @Test
    void sendsNothingBeforeTheNodeHasTheLogOpenAndAtMostFiveBatches() {
        add("a", "b", "c", "d", "e");
        assertThat(decided()).containsExactly("open s0");
        assertThat(machine.room()).isZero();
        machine.opened(1, NO_LIMITS, 0);

        assertThat(decided())
                .containsExactly("send a as 0", "send b as 1", "send c as 2", "send d as 3", "send e as 4");
    }

    @Test
    void sendsWhatIsBehindARefusedBatchAgainUnderNewNumbersOnceAllIsAnswered() {
        add("a", "b", "c");
        machine.opened(1, NO_LIMITS, 0);
        decided();
        machine.refused(1, problem(Codes.INVALID), 0);
        machine.refused(1, gap(0), 0);
        add("d");
        assertThat(decided()).containsExactly("fail a INVALID");
        machine.refused(1, gap(0), 0);

        assertThat(decided()).containsExactly("send b as 0", "send c as 1", "send d as 2");
    }

    @Test
    void sendsUnansweredBatchesAgainUnderTheSameNumbers() {
        add("a", "b");
        machine.opened(1, NO_LIMITS, 0);
        machine.acknowledged(1, new Ack(1, 0, 0, false), 0);
        machine.callEnded(1, CallFailure.unavailable("test"), 0);
        decided();
        machine.tick(9);
        assertThat(decided()).isEmpty();
        machine.tick(10);
        machine.opened(2, NO_LIMITS, 10);

        assertThat(decided()).containsExactly("open s0", "send b as 1");
    }

    @Test
    void asksForLooseCopiesByTheirOldNumbersAndThenTakesANewSession() {
        add("a", "b", "c");
        machine.opened(1, NO_LIMITS, 0);
        machine.refused(1, problem(Codes.INVALID), 0);
        machine.callEnded(1, CallFailure.unavailable("test"), 0);
        machine.tick(10);
        decided();
        machine.opened(2, NO_LIMITS, 10);
        assertThat(decided()).containsExactly("send b as 1", "send c as 2");
        machine.refused(2, gap(0), 10);
        machine.refused(2, gap(0), 10);
        assertThat(decided()).containsExactly("cancel", "open s1");
        machine.opened(3, NO_LIMITS, 10);

        assertThat(decided()).containsExactly("send b as 0", "send c as 1");
    }

    @Test
    void goesOnInTheSessionIfTheLogHasTheLooseCopies() {
        add("a", "b", "c");
        machine.opened(1, NO_LIMITS, 0);
        machine.refused(1, problem(Codes.INVALID), 0);
        machine.callEnded(1, CallFailure.unavailable("test"), 0);
        machine.tick(10);
        machine.opened(2, NO_LIMITS, 10);
        decided();
        machine.acknowledged(2, new Ack(1, 0, 0, true), 10);
        machine.acknowledged(2, new Ack(1, 1, 1, true), 10);
        add("d");

        assertThat(decided()).containsExactly("ack b", "ack c", "send d as 3");
    }

    @Test
    void aNamedSessionThatCannotGoOnEnds() {
        var named = machine("chosen", false);
        named.add(batch("a"), 0);
        named.add(batch("b"), 0);
        named.opened(1, NO_LIMITS, 0);
        named.refused(1, problem(Codes.INVALID), 0);
        named.callEnded(1, CallFailure.unavailable("test"), 0);
        named.tick(10);
        named.opened(2, NO_LIMITS, 10);
        decided(named);
        named.refused(2, gap(0), 10);

        assertThat(decided(named)).containsExactly("cancel", "fail b OUTCOME_UNKNOWN", "end SEQUENCE_GAP");
    }

    @Test
    void aBatchThatTheLogHasBeforeItIsSentIsAnotherPrograms() {
        var continued = machine("chosen", false, true);
        continued.add(batch("a"), 0);
        continued.add(batch("b"), 0);
        continued.opened(1, NO_LIMITS, 0);
        decided(continued);
        continued.acknowledged(1, new Ack(1, 0, 0, true), 0);

        assertThat(decided(continued))
                .containsExactly("cancel", "fail a SESSION_IN_USE", "fail b OUTCOME_UNKNOWN", "end SESSION_IN_USE");
    }

    @Test
    void aBatchThatWasSentAgainMayBeThere() {
        var continued = machine("chosen", false, true);
        continued.add(batch("a"), 0);
        continued.opened(1, NO_LIMITS, 0);
        continued.callEnded(1, CallFailure.unavailable("test"), 0);
        continued.tick(10);
        continued.opened(2, NO_LIMITS, 10);
        decided(continued);
        continued.acknowledged(2, new Ack(1, 0, 0, true), 10);

        assertThat(decided(continued)).containsExactly("ack a");
    }

    @Test
    void aRefusalOfALooseBatchCountsOnlyIfItsCopyWouldBeRefusedToo() {
        add("a", "b");
        machine.opened(1, NO_LIMITS, 0);
        machine.callEnded(1, CallFailure.unavailable("test"), 0);
        machine.tick(10);
        machine.opened(2, NO_LIMITS, 10);
        decided();
        machine.refused(2, problem("OUT_OF_PAPER"), 10);

        assertThat(decided())
                .containsExactly("cancel", "fail a OUTCOME_UNKNOWN", "fail b OUTCOME_UNKNOWN", "end OUT_OF_PAPER");
    }

    @Test
    void anIdleSessionThatTheLogForgotIsReplaced() {
        add("a");
        machine.opened(1, NO_LIMITS, 0);
        machine.acknowledged(1, new Ack(1, 0, 0, false), 0);
        add("b", "c");
        decided();
        machine.refused(1, gap(0), 0);
        assertThat(decided()).isEmpty();
        machine.refused(1, gap(0), 0);
        machine.opened(2, NO_LIMITS, 0);

        assertThat(decided()).containsExactly("cancel", "open s1", "send b as 0", "send c as 1");
    }

    @Test
    void aSessionThatWasForgottenWhileAnOutcomeIsOpenEndsTheWriter() {
        add("a");
        machine.opened(1, NO_LIMITS, 0);
        machine.acknowledged(1, new Ack(1, 0, 0, false), 0);
        add("b");
        machine.callEnded(1, CallFailure.unavailable("test"), 0);
        machine.tick(10);
        machine.opened(2, NO_LIMITS, 10);
        decided();
        machine.refused(2, gap(0), 10);

        assertThat(decided()).containsExactly("cancel", "fail b OUTCOME_UNKNOWN", "end SEQUENCE_GAP");
    }

    @Test
    void aRepetitionThatComesBeforeItsTurnIsAskedForAgain() {
        add("a", "b");
        machine.opened(1, NO_LIMITS, 0);
        machine.callEnded(1, CallFailure.unavailable("test"), 0);
        machine.tick(10);
        machine.opened(2, NO_LIMITS, 10);
        machine.refused(2, problem(Codes.OVERLOADED), 10);
        machine.acknowledged(2, new Ack(1, 1, 1, true), 10);
        machine.tick(20);
        decided();
        machine.opened(3, NO_LIMITS, 20);
        machine.acknowledged(3, new Ack(1, 0, 0, true), 20);
        machine.acknowledged(3, new Ack(1, 1, 1, true), 20);

        assertThat(decided()).containsExactly("send a as 0", "send b as 1", "ack a", "ack b");
    }

    @Test
    void aBatchOfSeveralAppendsIsDividedUntilTheRightOneFails() {
        var appends = List.of("a", "b", "c").stream()
                .map(name -> batch(name).appends().get(0))
                .toList();
        machine.add(new Batch(appends, 100_000), 0);
        machine.opened(1, NO_LIMITS, 0);
        machine.refused(1, problem(Codes.INVALID), 0);
        assertThat(decided()).containsExactly("open s0", "send a as 0", "send a as 0", "send b as 1");
        machine.acknowledged(1, new Ack(1, 0, 0, false), 0);
        machine.refused(1, problem(Codes.INVALID), 0);
        assertThat(decided()).containsExactly("ack a", "send b as 1", "send c as 2");
        machine.acknowledged(1, new Ack(1, 1, 1, false), 0);
        machine.refused(1, problem(Codes.INVALID), 0);

        assertThat(decided()).containsExactly("ack b", "fail c INVALID");
    }

    @Test
    void whatWasSentWhenItsTimeIsOverIsUnknownAndTheWriterEnds() {
        machine.add(batch("a", 100), 0);
        machine.opened(1, NO_LIMITS, 0);
        machine.add(batch("b", 200), 0);
        machine.callEnded(1, CallFailure.unavailable("test"), 0);
        machine.add(batch("c", 300), 50);
        decided();
        machine.tick(100);

        assertThat(decided())
                .contains("fail a OUTCOME_UNKNOWN", "fail b OUTCOME_UNKNOWN", "fail c CLOSED", "end OUTCOME_UNKNOWN");
    }

    @Test
    void whatWasNotSentWhenItsTimeIsOverFailsAlone() {
        machine.add(batch("a", 100), 0);
        machine.add(batch("b", 200), 0);
        decided();
        machine.tick(100);
        assertThat(decided()).containsExactly("fail a UNAVAILABLE");
        machine.opened(1, NO_LIMITS, 150);

        assertThat(decided()).containsExactly("send b as 0");
    }

    @Test
    void leavesANodeThatDoesNotOpenOrDoesNotAnswer() {
        add("a");
        decided();
        machine.tick(499);
        assertThat(decided()).isEmpty();
        machine.tick(500);
        assertThat(decided()).containsExactly("cancel");
        machine.tick(510);
        machine.opened(2, NO_LIMITS, 510);
        decided();
        assertThat(machine.wakeAtMs()).isEqualTo(1_510);
        machine.tick(1_510);

        assertThat(decided()).containsExactly("cancel");
    }

    @Test
    void anErrorThatCannotPassEndsTheWriter() {
        add("a");
        machine.callEnded(1, new CallFailure(problem(Codes.FORBIDDEN), false, null, 0), 0);

        assertThat(decided()).containsExactly("open s0", "fail a FORBIDDEN", "end FORBIDDEN");
    }

    @Test
    void aLogThatIsNotFoundIsAskedForThreeTimes() {
        add("a");
        for (var call = 1; call <= 3; call++) {
            assertThat(machine.isEnded()).isFalse();
            machine.callEnded(call, new CallFailure(problem(Codes.NOT_FOUND), false, null, 0), call * 10L);
            machine.tick(call * 10L + 10);
        }

        assertThat(machine.isEnded()).isTrue();
    }

    @Test
    void answersThatNoCorrectNodeGivesEndTheWriter() {
        add("a", "b");
        machine.opened(1, NO_LIMITS, 0);
        machine.acknowledged(1, new Ack(1, 5, 6, false), 0);

        assertThat(decided()).endsWith("fail a OUTCOME_UNKNOWN", "fail b OUTCOME_UNKNOWN", "end INTERNAL");
    }

    @Test
    void anOutcomeThatIsUnknownIsAskedForAgain() {
        add("a");
        machine.opened(1, NO_LIMITS, 0);
        machine.refused(
                1,
                SeawallException.of(Codes.OUTCOME_UNKNOWN, "test")
                        .effect(Effect.UNKNOWN)
                        .build(),
                0);
        machine.tick(10);
        machine.opened(2, NO_LIMITS, 10);

        assertThat(decided()).containsExactly("open s0", "send a as 0", "cancel", "open s0", "send a as 0");
    }
}
