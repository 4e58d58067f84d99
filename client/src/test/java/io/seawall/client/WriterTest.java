package io.seawall.client;

import static io.seawall.client.FakeCluster.LOG;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.seawall.client.log.Ack;
import io.seawall.client.log.Advice;
import io.seawall.client.log.Codes;
import io.seawall.client.log.Effect;
import io.seawall.client.log.Header;
import io.seawall.client.log.LogWriter;
import io.seawall.client.log.SeawallException;
import io.seawall.client.log.WalRecord;
import io.seawall.client.log.WriterOptions;
import io.seawall.client.log.WriterOptions.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WriterTest {
    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(30, SECONDS);
    }

    private static SeawallException failure(CompletableFuture<?> future) {
        return SeawallException.from(catchThrowableOfType(ExecutionException.class, () -> future.get(30, SECONDS)));
    }

    @Test
    void appendsRecordsWithTheirLsns() throws Exception {
        try (var nodes = new FakeCluster("n1:1");
                var client = nodes.client("n1:1");
                var writer = client.writer(LOG)) {
            var first = writer.append("a");
            var batch = writer.append(List.of(
                    new WalRecord(
                            new byte[] {1}, null, List.of(new Header("h", null), new Header("h", new byte[] {2}))),
                    WalRecord.of(new byte[0])));

            assertThat(get(first)).isEqualTo(new Ack(1, 0, 0, false));
            assertThat(get(batch).first()).isEqualTo(1);
            assertThat(get(batch).last()).isEqualTo(2);
            var stored = nodes.records.get(1);
            assertThat(stored.hasValue()).isFalse();
            assertThat(stored.getHeaders(0).hasValue()).isFalse();
            assertThat(stored.getHeaders(1).getValue().byteAt(0)).isEqualTo((byte) 2);
            assertThat(nodes.records.get(2).hasValue()).isTrue();
        }
    }

    @Test
    void threeWritersLoseNothingWhileAnswersAreLostAndOwnersMove() throws Exception {
        var appends = 3_000;
        try (var nodes = new FakeCluster("n1:1", "n2:1", "n3:1");
                var client = nodes.client("n1:1", "n2:1")) {
            nodes.loseEvery = 7;
            nodes.moveEvery = 41;
            nodes.refuseEvery = 23;
            var options = WriterOptions.defaults().withBatchBytes(400);
            var writers = IntStream.range(0, 3)
                    .mapToObj(at -> client.writer(LOG, options))
                    .toList();
            var acks = new ArrayList<List<CompletableFuture<Ack>>>();
            writers.forEach(writer -> acks.add(new ArrayList<>()));
            for (var number = 0; number < appends; number++) {
                for (var at = 0; at < 3; at++) {
                    acks.get(at).add(writers.get(at).append(at + "/" + number));
                }
            }
            for (var writer : writers) {
                get(writer.flush());
            }

            for (var answers : acks) {
                for (var answer : answers) {
                    get(answer);
                }
            }
            for (var at = 0; at < 3; at++) {
                var own = at + "/";
                var expected = IntStream.range(0, appends)
                        .mapToObj(number -> own + number)
                        .toList();
                assertThat(nodes.values().stream().filter(value -> value.startsWith(own)))
                        .containsExactlyElementsOf(expected);
                for (var number = 0; number < appends; number++) {
                    var lsn = (int) get(acks.get(at).get(number)).lsn();
                    assertThat(nodes.values().get(lsn)).isEqualTo(own + number);
                    number += 99; // each hundredth: values() copies the whole log
                }
            }
            writers.forEach(LogWriter::close);
        }
    }

    @Test
    void findsTheOwnerThroughAnotherNodeAndGoesOnWithoutTheFirstOne() throws Exception {
        try (var nodes = new FakeCluster("n2:1", "n1:1", "n3:1");
                var client = nodes.client("n1:1");
                var writer = client.writer(LOG)) {
            get(writer.append("a"));
            nodes.kill("n1:1");
            get(writer.append("b"));

            assertThat(nodes.requests).containsExactly("append orders-0 at n1:1", "append orders-0 at n2:1");
            assertThat(nodes.values()).containsExactly("a", "b");
        }
    }

    @Test
    void connectsAgainToANodeThatWasRestarted() throws Exception {
        try (var nodes = new FakeCluster("n1:1");
                var client = nodes.client("n1:1");
                var writer = client.writer(LOG)) {
            get(writer.append("a"));
            nodes.kill("n1:1");
            var waiting = writer.append("b");
            nodes.restart("n1:1");

            assertThat(get(waiting).lsn()).isEqualTo(1);
        }
    }

    @Test
    void anAppendThatIsRefusedFailsAloneAndThoseBehindItGoOn() throws Exception {
        try (var nodes = new FakeCluster("n1:1");
                var client = nodes.client("n1:1");
                var writer = client.writer(LOG)) {
            get(writer.append("a"));
            var wrong = writer.appendIfTail(7, List.of(WalRecord.of("b")));
            var behind = IntStream.range(0, 20)
                    .mapToObj(number -> writer.append("c" + number))
                    .toList();

            assertThat(failure(wrong).code()).isEqualTo(Codes.TAIL_MISMATCH);
            assertThat(failure(wrong).number("tail")).hasValue(1);
            assertThat(failure(wrong).advice()).isEqualTo(Advice.CHANGE_REQUEST);
            for (var number = 0; number < 20; number++) {
                assertThat(get(behind.get(number)).lsn()).isEqualTo(1 + number);
            }
            assertThat(get(writer.appendIfTail(21, List.of(WalRecord.of("d")))).lsn())
                    .isEqualTo(21);
        }
    }

    @Test
    void stopsAtTheFirstFailureIfAsked() throws Exception {
        try (var nodes = new FakeCluster("n1:1");
                var client = nodes.client("n1:1");
                var writer = client.writer(LOG, WriterOptions.defaults().withStopAtFailure(true))) {
            var wrong = writer.appendIfTail(7, List.of(WalRecord.of("b")));
            var behind = writer.append("c");

            assertThat(failure(wrong).code()).isEqualTo(Codes.TAIL_MISMATCH);
            assertThat(failure(behind).code()).isEqualTo(Codes.CLOSED);
            assertThat(failure(behind).effect()).isEqualTo(Effect.NONE);
            assertThat(writer.failure())
                    .hasValueSatisfying(
                            why -> assertThat(why.is(Codes.TAIL_MISMATCH)).isTrue());
            assertThat(nodes.values()).isEmpty();
        }
    }

    @Test
    void passesCodesOnThatItDoesNotKnow() throws Exception {
        try (var nodes = new FakeCluster("n1:1");
                var client = nodes.client("n1:1");
                var writer = client.writer(LOG)) {
            nodes.refuseWith = "OUT_OF_PAPER";

            assertThat(failure(writer.append("a")).code()).isEqualTo("OUT_OF_PAPER");
            assertThat(get(writer.append("b")).lsn()).isZero();
        }
    }

    @Test
    void endsWithTheErrorOfACallThatCannotSucceed() throws Exception {
        try (var nodes = new FakeCluster("n1:1");
                var client = nodes.client("n1:1");
                var writer = client.writer(LOG)) {
            nodes.failWith = "FORBIDDEN";

            assertThat(failure(writer.append("a")).code()).isEqualTo(Codes.FORBIDDEN);
            assertThat(failure(writer.append("b")).code()).isEqualTo(Codes.CLOSED);
        }
    }

    @Test
    void whatWasSentAndNeverAnsweredIsUnknownAndTheWriterEnds() throws Exception {
        try (var nodes = new FakeCluster("n1:1");
                var client = nodes.client("n1:1");
                var writer = client.writer(LOG, WriterOptions.defaults().withDeliveryTimeout(Duration.ofMillis(300)))) {
            nodes.silent = true;
            var sent = writer.append("a");

            assertThat(failure(sent).code()).isEqualTo(Codes.OUTCOME_UNKNOWN);
            assertThat(failure(sent).advice()).isEqualTo(Advice.READ_LOG);
            assertThat(failure(writer.append("b")).code()).isEqualTo(Codes.CLOSED);
            assertThat(failure(writer.append("b")).advice()).isEqualTo(Advice.REOPEN);
        }
    }

    @Test
    void whatWasNeverSentHasNoEffectAndTheWriterGoesOn() throws Exception {
        try (var nodes = new FakeCluster("n1:1");
                var client = nodes.client("n1:1");
                var writer =
                        client.writer(LOG, WriterOptions.defaults().withDeliveryTimeout(Duration.ofMillis(1_500)))) {
            nodes.kill("n1:1");
            var failed = writer.append("a");

            assertThat(failure(failed).code()).isEqualTo(Codes.UNAVAILABLE);
            assertThat(failure(failed).effect()).isEqualTo(Effect.NONE);
            nodes.restart("n1:1");
            assertThat(get(writer.append("b")).lsn()).isZero();
        }
    }

    @Test
    void aFullBufferRefusesOrWaits() throws Exception {
        try (var nodes = new FakeCluster("n1:1");
                var client = nodes.client("n1:1");
                var refusing = client.writer(
                        LOG, WriterOptions.defaults().withBufferBytes(250).withMaxBlock(Duration.ZERO));
                var waiting = client.writer(LOG, WriterOptions.defaults().withBufferBytes(250))) {
            nodes.silent = true;
            var unanswered = List.of(refusing.append("a"), refusing.append("a"), refusing.append("a"));

            assertThat(failure(refusing.append("b")).code()).isEqualTo(Codes.OVERLOADED);
            assertThat(failure(refusing.append(new byte[400])).code()).isEqualTo(Codes.TOO_LARGE);
            assertThat(unanswered).noneMatch(CompletableFuture::isDone);

            var blocked = new Thread(() -> {
                for (var number = 0; number < 6; number++) {
                    var unused = waiting.append("c");
                }
            });
            blocked.start();
            while (blocked.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            synchronized (nodes) {
                nodes.silent = false;
                nodes.cutCalls();
            }
            blocked.join(20_000);
            assertThat(blocked.isAlive()).isFalse();
            get(waiting.flush());
        }
    }

    @Test
    void lingerCollectsABatchAndFlushSendsIt() throws Exception {
        try (var nodes = new FakeCluster("n1:1");
                var client = nodes.client("n1:1");
                var writer = client.writer(LOG, WriterOptions.defaults().withLinger(Duration.ofSeconds(50)))) {
            var first = writer.append("a");
            var second = writer.append("b");
            assertThat(first).isNotDone();
            get(writer.flush());

            assertThat(first).isDone();
            assertThat(second).isDone();
        }
    }

    @Test
    void withoutASessionALostAnswerIsUnknownAndTheNextAppendGoesOn() throws Exception {
        try (var nodes = new FakeCluster("n1:1");
                var client = nodes.client("n1:1");
                var writer = client.writer(LOG, WriterOptions.defaults().withSession(Session.none()))) {
            get(writer.append("a"));
            nodes.loseEvery = 2;
            var lost = writer.append("b");

            assertThat(failure(lost).code()).isEqualTo(Codes.OUTCOME_UNKNOWN);
            assertThat(get(writer.append("c")).lsn()).isEqualTo(2);
        }
    }

    @Test
    void aNamedSessionThatRepeatsGetsTheSameAnswers() throws Exception {
        try (var nodes = new FakeCluster("n1:1");
                var client = nodes.client("n1:1")) {
            var session = WriterOptions.defaults().withSession(Session.named("loader", 0));
            try (var writer = client.writer(LOG, session)) {
                var unused = writer.append("a");
                assertThat(get(writer.append("b"))).isEqualTo(new Ack(1, 1, 1, false));
            }
            try (var writer = client.writer(LOG, session)) {
                var unused = writer.append("a");
                assertThat(get(writer.append("b"))).isEqualTo(new Ack(1, 1, 1, true));
                assertThat(get(writer.append("c")).lsn()).isEqualTo(2);
            }
        }
    }

    @Test
    void aContinuedSessionMergesAppendsAndRefusesANumberThatTheLogHas() throws Exception {
        try (var nodes = new FakeCluster("n1:1");
                var client = nodes.client("n1:1")) {
            var session = WriterOptions.defaults().withSession(Session.continued("w", 0));
            try (var writer = client.writer(LOG, session)) {
                assertThat(get(writer.append("a"))).isEqualTo(new Ack(1, 0, 0, false));
            }

            try (var writer = client.writer(LOG, session)) {
                assertThat(failure(writer.append("b")).code()).isEqualTo(Codes.SESSION_IN_USE);
                assertThat(writer.failure()).isPresent();
            }
            try (var writer = client.writer(
                    LOG, session.withSession(Session.continued("w", 1)).withLinger(Duration.ofSeconds(50)))) {
                var first = writer.append("c");
                var second = writer.append("d");
                writer.flush().get(30, SECONDS);
                assertThat(get(first).lsn()).isEqualTo(1);
                assertThat(get(second).lsn()).isEqualTo(2);
            }
            var next = session.withSession(Session.continued("w", 2)); // both had one number
            try (var writer = client.writer(LOG, next)) {
                assertThat(get(writer.append("e")).lsn()).isEqualTo(3);
            }
            assertThat(nodes.values()).containsExactly("a", "c", "d", "e");
        }
    }

    @Test
    void closeSendsWhatWaitsAndRefusesTheRest() throws Exception {
        try (var nodes = new FakeCluster("n1:1");
                var client = nodes.client("n1:1")) {
            var writer = client.writer(LOG, WriterOptions.defaults().withLinger(Duration.ofSeconds(50)));
            var waiting = writer.append("a");
            writer.close();

            assertThat(waiting).isCompleted();
            assertThat(failure(writer.append("b")).code()).isEqualTo(Codes.CLOSED);
            assertThat(writer.failure()).isEmpty();
        }
    }

    @Test
    void closingTheClientLeavesNoFutureOpen() throws Exception {
        try (var nodes = new FakeCluster("n1:1")) {
            nodes.silent = true;
            var client = SeawallClient.connect(
                    ClientOptions.builder()
                            .endpoint("n1:1")
                            .closeTimeout(Duration.ofMillis(200))
                            .build(),
                    nodes.channels());
            var writer = client.writer(LOG);
            var open = IntStream.range(0, 100)
                    .mapToObj(number -> writer.append("" + number))
                    .toList();
            client.close();

            for (var append : open) {
                assertThat(failure(append).code()).isIn(Codes.OUTCOME_UNKNOWN, Codes.CLOSED);
            }
        }
    }

    @Test
    void callbacksMayAppendAndClose() throws Exception {
        try (var nodes = new FakeCluster("n1:1");
                var client = nodes.client("n1:1")) {
            var writer = client.writer(LOG);
            var second = new AtomicReference<CompletableFuture<Ack>>();
            var closed = new CountDownLatch(1);
            var ignored = writer.append("a").whenComplete((ack, error) -> {
                second.set(writer.append("b"));
                writer.close();
                closed.countDown();
            });

            assertThat(closed.await(20, SECONDS)).isTrue();
            assertThat(get(Objects.requireNonNull(second.get())).lsn()).isEqualTo(1);
        }
    }

    @Test
    void refusesNamesOfHeadersThatAreReserved() throws Exception {
        try (var nodes = new FakeCluster("n1:1");
                var client = nodes.client("n1:1");
                var writer = client.writer(LOG)) {
            var reserved = new WalRecord(null, null, List.of(new Header("wal-x", null)));

            assertThat(failure(writer.append(reserved)).code()).isEqualTo(Codes.INVALID);
            assertThat(failure(writer.append(List.<WalRecord>of())).code()).isEqualTo(Codes.INVALID);
            assertThat(failure(writer.append(new byte[2 << 20])).number("limit"))
                    .hasValue(1 << 20);
            assertThat(get(writer.append("b")).lsn()).isZero();
        }
    }
}
