package io.seawall.client.internal.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.seawall.api.v1.WalRecord;
import io.seawall.client.log.Codes;
import io.seawall.client.log.SeawallException;
import io.seawall.client.log.WriterOptions;
import io.seawall.client.log.WriterOptions.Session;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AccumulatorTest {
    private long nowMs;

    private static PendingAppend append(int bytes, @Nullable Long ifTail) {
        return new PendingAppend(
                List.of(WalRecord.newBuilder()
                        .setValue(ByteString.copyFrom(new byte[bytes]))
                        .build()),
                ifTail);
    }

    private static Accumulator accumulator(WriterOptions options) {
        return new Accumulator(options, new WriterErrors("x-0"));
    }

    private boolean add(Accumulator to, PendingAppend append) {
        return to.add(append, false, () -> nowMs);
    }

    @Test
    void collectsWhileNobodyTakesAndTellsOnceWhenSomebodyWaits() {
        var accumulator = accumulator(WriterOptions.defaults());
        assertThat(accumulator.poll(0)).isNull();

        assertThat(add(accumulator, append(1, null))).isTrue();
        assertThat(add(accumulator, append(1, null))).isFalse();

        var batch = accumulator.poll(0);
        assertThat(batch)
                .isNotNull()
                .satisfies(taken -> assertThat(taken.appends()).hasSize(2));
        assertThat(accumulator.poll(0)).isNull();
    }

    @Test
    void closesABatchAtItsBytesItsRecordsAndItsCondition() {
        var accumulator = accumulator(WriterOptions.defaults().withBatchBytes(100));
        add(accumulator, append(60, null));
        add(accumulator, append(60, null)); // does not fit
        add(accumulator, append(1, 7L)); // goes alone
        add(accumulator, append(1, null));
        add(accumulator, append(500, null)); // goes alone
        var thousand = new PendingAppend(Collections.nCopies(1_000, WalRecord.getDefaultInstance()), null);
        add(accumulator, thousand);

        var sizes = new StringBuilder();
        for (var batch = accumulator.poll(0); batch != null; batch = accumulator.poll(0)) {
            sizes.append(batch.records()).append(' ');
        }
        assertThat(sizes).hasToString("1 1 1 1 1 1000 ");
    }

    @Test
    void lingersFromTheFirstAppendOfABatchUntilItIsFlushed() {
        var accumulator = accumulator(WriterOptions.defaults().withLinger(Duration.ofMillis(10)));
        assertThat(accumulator.poll(0)).isNull();
        assertThat(add(accumulator, append(1, null))).as("a timer is to be set").isTrue();
        assertThat(accumulator.poll(9)).isNull();
        assertThat(accumulator.dueMs()).isEqualTo(10);
        assertThat(accumulator.poll(10)).isNotNull();

        add(accumulator, append(1, null));
        var flushed = accumulator.flush();
        assertThat(accumulator.poll(0)).isNotNull();
        assertThat(flushed).isNotDone();
    }

    @Test
    void flushCompletesWithTheLastAppendBeforeIt() {
        var accumulator = accumulator(WriterOptions.defaults());
        assertThat(accumulator.flush()).isDone();
        var append = append(1, null);
        add(accumulator, append);
        var flushed = accumulator.flush();
        accumulator.done(append);

        assertThat(flushed).isDone();
        assertThat(accumulator.flush()).isDone();
    }

    @Test
    void eachAppendOfANamedSessionIsABatch() {
        var accumulator = accumulator(WriterOptions.defaults().withSession(Session.named("me", 0)));
        add(accumulator, append(1, null));
        add(accumulator, append(1, null));

        assertThat(accumulator.poll(0)).isNotNull();
        assertThat(accumulator.poll(0)).isNotNull();
    }

    @Test
    void boundsTheBytesThatAreNotAnswered() {
        var accumulator = accumulator(WriterOptions.defaults().withBufferBytes(300));
        add(accumulator, append(100, null));
        var taken = accumulator.poll(0);
        var refused = catchThrowableOfType(SeawallException.class, () -> add(accumulator, append(100, null)));
        assertThat(refused.code()).isEqualTo(Codes.OVERLOADED);

        assertThat(taken).isNotNull().satisfies(accumulator::release);
        assertThat(accumulator.bufferedBytes()).isZero();
        add(accumulator, append(100, null));
    }

    @Test
    void givesBackWhatIsTooOld() {
        var accumulator = accumulator(
                WriterOptions.defaults().withLinger(Duration.ofSeconds(50)).withDeliveryTimeout(Duration.ofMillis(20)));
        add(accumulator, append(1, null));
        assertThat(accumulator.deadlineMs()).isEqualTo(20);
        assertThat(accumulator.expired(19)).isEmpty();

        assertThat(accumulator.expired(20)).hasSize(1);
        assertThat(accumulator.deadlineMs()).isEqualTo(Long.MAX_VALUE);
    }
}
