package io.seawall.walkafka.internal.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.AppendRequest;
import io.seawall.wal.Appended;
import io.seawall.walkafka.internal.fake.TestRecords;
import io.seawall.walkafka.internal.lease.Admission;
import io.seawall.walkafka.internal.lease.InFlight.Entry;
import io.seawall.walkafka.internal.lease.PendingAppend;
import io.seawall.walkafka.internal.write.RecoveryPolicy.Next;
import io.seawall.walkafka.port.LaneFault;
import io.seawall.walkafka.port.LaneFault.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecoveryPolicyTest {
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final Duration OPEN = Duration.ofSeconds(30);
    private static final Duration GRACE = Duration.ofMillis(300);
    private static final long TAIL = 10;

    private final RecoveryPolicy policy = new RecoveryPolicy(LONGEST, new RecoveryBackoff(GRACE, new Random(1)));

    private Next failed(Kind kind, long nowMs) {
        return policy.failed(fault(kind), false, nowMs, OPEN);
    }

    private static LaneFault fault(Kind kind) {
        return new LaneFault(kind, new IllegalStateException("planted"));
    }

    private static Entry user(long first) {
        return new Entry(PendingAppend.of(AppendRequest.of(List.of(TestRecords.record("v")))), first, 1, 65);
    }

    private static Entry own(long next) {
        return new Entry(null, next, 0, 65);
    }

    @Test
    void theFirstErrorHasAllTheTimeAndALaterOneWhatIsLeft() {
        assertThat(failed(Kind.UNAVAILABLE, 0)).isEqualTo(new Next(Duration.ZERO, LONGEST, false));

        assertThat(failed(Kind.UNAVAILABLE, 50_000).left()).isEqualTo(Duration.ofSeconds(70));
    }

    @Test
    void anAcknowledgedAppendResetsTheTime() {
        failed(Kind.UNAVAILABLE, 0);
        policy.takenBack(TAIL, true);

        policy.acknowledged(List.of(user(TAIL)));

        assertThat(failed(Kind.UNAVAILABLE, 500_000).left()).isEqualTo(LONGEST);
    }

    @Test
    void aControlRecordInFrontOfAnAppendThatIsSentAgainDoesNotResetTheTime() {
        failed(Kind.UNAVAILABLE, 0);
        policy.takenBack(TAIL, true);

        policy.acknowledged(List.of(own(TAIL)));

        assertThat(failed(Kind.UNAVAILABLE, 50_000).left()).isEqualTo(Duration.ofSeconds(70));
    }

    @Test
    void aControlRecordResetsTheTimeIfNoAppendIsSentAgain() {
        failed(Kind.UNAVAILABLE, 0);
        policy.takenBack(TAIL, false);

        policy.acknowledged(List.of(own(TAIL)));

        assertThat(failed(Kind.UNAVAILABLE, 500_000).left()).isEqualTo(LONGEST);
    }

    @Test
    void anAnswerThatWasNotSentDoesNotResetTheTime() {
        failed(Kind.UNAVAILABLE, 0);
        policy.takenBack(TAIL, true);

        policy.acknowledged(List.of(Entry.answer(
                PendingAppend.of(AppendRequest.of(List.of(TestRecords.record("v")))),
                new Admission.Repeated(new Appended(7, 0, 0)),
                TAIL + 1)));

        assertThat(failed(Kind.UNAVAILABLE, 50_000).left()).isEqualTo(Duration.ofSeconds(70));
    }

    @Test
    void whenTheTimeIsOverALastRecoveryFollowsAndNothingIsSentAgain() {
        failed(Kind.UNAVAILABLE, 0);
        policy.takenBack(TAIL, true);

        assertThat(failed(Kind.UNAVAILABLE, LONGEST.toMillis())).isEqualTo(new Next(Duration.ZERO, OPEN, true));
    }

    @Test
    void aRivalGetsItsGraceEvenThen() {
        failed(Kind.FENCED, 0);
        policy.takenBack(TAIL, true);

        var last = failed(Kind.FENCED, LONGEST.toMillis());

        assertThat(last.last()).isTrue();
        assertThat(last.pause()).isGreaterThanOrEqualTo(GRACE);
        assertThat(last.left()).isEqualTo(OPEN.plus(last.pause()));
    }

    @Test
    void afterARefusalOfOneAmongOthersTheyAreSentAloneAtOnce() {
        var next = failed(Kind.REFUSED, 0);

        assertThat(next.pause()).isZero();
        assertThat(policy.isSuspicious()).isTrue();
    }

    @Test
    void aRefusalWhoseCauseIsKnownIsProgress() {
        failed(Kind.UNAVAILABLE, 0);
        policy.takenBack(TAIL, true);

        var next = policy.failed(fault(Kind.REFUSED), true, 119_000, OPEN);

        assertThat(next).isEqualTo(new Next(Duration.ZERO, LONGEST, false));
        assertThat(policy.isSuspicious()).isFalse();
    }

    @Test
    void aRefusalThatSendingAloneDoesNotExplainCountsLikeAnyError() {
        failed(Kind.REFUSED, 0);
        policy.takenBack(TAIL, true);
        failed(Kind.REFUSED, 10);
        policy.takenBack(TAIL, true);

        assertThat(failed(Kind.REFUSED, 20).pause()).isPositive();
        assertThat(failed(Kind.REFUSED, LONGEST.toMillis()).last()).isTrue();
    }
}
