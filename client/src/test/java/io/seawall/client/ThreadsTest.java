package io.seawall.client;

import static io.seawall.client.FakeCluster.LOG;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.seawall.client.log.Ack;
import io.seawall.client.log.Codes;
import io.seawall.client.log.LogRecord;
import io.seawall.client.log.SeawallException;
import io.seawall.client.log.StartPosition;
import io.seawall.client.log.WalRecord;
import io.seawall.client.log.WriterOptions;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of answers and callers whatever executors, callbacks and threads that close a client do. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ThreadsTest {
    private final FakeCluster nodes = new FakeCluster("n1:1", "n2:1");

    @AfterEach
    void close() {
        nodes.close();
    }

    private SeawallClient client(Executor callbacks) {
        return SeawallClient.connect(
                ClientOptions.builder()
                        .endpoint("n1:1")
                        .closeTimeout(Duration.ofMillis(500))
                        .callbacks(callbacks)
                        .build(),
                nodes.channels());
    }

    private SeawallClient client(Duration requestTimeout) {
        return SeawallClient.connect(
                ClientOptions.builder()
                        .endpoint("n1:1")
                        .endpoint("n2:1")
                        .requestTimeout(requestTimeout)
                        .build(),
                nodes.channels());
    }

    private static boolean isAnswered(CompletableFuture<?> future) {
        until(future::isDone);
        return true;
    }

    private static void until(BooleanSupplier goal) {
        while (!goal.getAsBoolean()) {
            Thread.onSpinWait(); // the time-out of the class ends it
        }
    }

    @Test
    void anExecutorThatTakesNothingLosesNoAnswer() throws Exception {
        for (var refusal : List.of(new RejectedExecutionException("closed"), new IllegalStateException("broken"))) {
            Executor refusing = task -> {
                throw refusal;
            };
            try (var client = client(refusing);
                    var writer = client.writer(LOG);
                    var reader = client.reader(LOG, StartPosition.oldest())) {
                writer.append("a").get(30, SECONDS);
                writer.append("b").get(30, SECONDS);
                writer.flush().get(30, SECONDS);

                assertThat(reader.start().get(30, SECONDS)).isZero();
                assertThat(reader.poll(Duration.ofSeconds(30))).isNotEmpty();
            }
        }
    }

    /** Code of users that runs on the client's own thread must not wait there for room, which that thread makes. */
    @Test
    void anAppendInACallbackDoesNotWaitWhereCallbacksRunOnTheClientsThread() throws Exception {
        try (var client = client(Runnable::run)) {
            var writer = client.writer(LOG, WriterOptions.defaults().withBufferBytes(250));
            var refused = new CompletableFuture<SeawallException>();
            synchronized (nodes) { // so that the callback is there before the answer
                var ignored = writer.append("a").thenAccept(ack -> {
                    for (var number = 0; number < 10; number++) {
                        var unused = writer.append("b").whenComplete((done, error) -> {
                            if (error != null) {
                                refused.complete(SeawallException.from(error));
                            }
                        });
                    }
                    writer.close();
                });
            }

            assertThat(refused.get(30, SECONDS).code()).isEqualTo(Codes.OVERLOADED);
        }
    }

    @Test
    void aRequestOnTheClientsThreadIsRefused() throws Exception {
        try (var client = client(Runnable::run);
                var writer = client.writer(LOG)) {
            var refused = new CompletableFuture<Throwable>();
            synchronized (nodes) {
                var ignored = writer.append("a")
                        .thenAccept(ack -> client.describe(LOG))
                        .whenComplete((done, error) -> refused.complete(error));
            }

            assertThat(refused.get(30, SECONDS)).hasRootCauseInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void anInterruptWhileTheClientClosesLeavesNoFutureOpen() throws Exception {
        var client = client(Runnable::run);
        var writer = client.writer(LOG);
        var busy = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        var open = new ArrayList<CompletableFuture<Ack>>();
        synchronized (nodes) {
            var ignored = writer.append("a").thenAccept(ack -> {
                busy.countDown();
                join(go);
            });
        }
        assertThat(busy.await(30, SECONDS)).isTrue();
        nodes.silent = true;
        for (var number = 0; number < 10; number++) {
            open.add(writer.append("b"));
        }

        Thread.currentThread().interrupt();
        client.close();
        assertThat(Thread.interrupted()).isTrue();
        go.countDown();

        assertThat(open).allMatch(ThreadsTest::isAnswered);
    }

    private static void join(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void writersAndReadersThatAreMadeWhileTheClientClosesEnd() throws Exception {
        for (var round = 0; round < 50; round++) {
            var client = client(Duration.ofSeconds(30));
            var begun = new CountDownLatch(1);
            var answers = new ConcurrentLinkedQueue<CompletableFuture<?>>();
            var making = CompletableFuture.runAsync(() -> {
                for (var number = 0; number < 20; number++) {
                    answers.add(client.writer(LOG).append("a"));
                    answers.add(client.reader(LOG, StartPosition.tail()).start());
                    begun.countDown();
                }
            });
            assertThat(begun.await(30, SECONDS)).isTrue();
            client.close();

            try {
                making.get(30, SECONDS);
            } catch (ExecutionException closed) {
                assertThat(closed).hasMessageContaining("the client is closed");
            }
            assertThat(answers).allMatch(ThreadsTest::isAnswered);
        }
    }

    @Test
    void closingTheClientEndsRequestsThatWait() throws Exception {
        nodes.mute = "n1:1 n2:1";
        var client = client(Duration.ofHours(3));
        var waiting = CompletableFuture.supplyAsync(() -> client.describe(LOG));
        until(() -> nodes.asked().contains("describe"));

        client.close();

        var error = catchThrowableOfType(ExecutionException.class, () -> waiting.get(30, SECONDS));
        assertThat(SeawallException.from(error).code()).isEqualTo(Codes.CLOSED);
        assertThatThrownBy(() -> client.describe(LOG)).hasMessageContaining("closed");
    }

    @Test
    void aNodeThatDoesNotAnswerTakesAPartOfTheTimeOfARequestOnly() {
        nodes.mute = "n1:1";
        try (var client = client(Duration.ofSeconds(3))) {
            while (!nodes.asked().contains("describe at n1:1")) { // which node is first is up to chance
                assertThat(client.describe(LOG).ownerGrpc()).isEqualTo("n1:1");
            }
            assertThat(nodes.asked()).contains("describe at n2:1");
        }
    }

    @Test
    void waitsMayBeForEver() throws Exception {
        var forEver = ChronoUnit.FOREVER.getDuration();
        var options = ClientOptions.builder()
                .endpoint("n1:1")
                .requestTimeout(forEver)
                .closeTimeout(forEver)
                .keepAlive(forEver)
                .build();
        try (var client = SeawallClient.connect(options, nodes.channels());
                var reader = client.reader(LOG, StartPosition.oldest())) {
            var writer = client.writer(LOG);
            var ack = writer.append("a");
            writer.close(forEver);

            assertThat(ack.get(30, SECONDS).lsn()).isZero();
            assertThat(reader.poll(forEver)).hasSize(1);
            assertThat(client.describe(LOG).tail()).isOne();
        }
    }

    /** A log may have gigabytes, and answers to appends wait for the same thread. */
    @Test
    void aSubscriberGetsOneMessageAtATurn() throws Exception {
        var tasks = new ConcurrentLinkedQueue<Runnable>();
        try (var client = client(tasks::add)) {
            var records = IntStream.range(0, 500)
                    .mapToObj(at -> WalRecord.of("" + at))
                    .toList();
            var appended = client.writer(LOG).append(records);
            until(() -> runs(tasks) && appended.isDone());
            var seen = new AtomicInteger();
            client.reader(LOG, StartPosition.oldest()).publisher().subscribe(new Counter(seen));

            until(() -> {
                var before = seen.get();
                runs(tasks);
                assertThat(seen.get() - before).isLessThanOrEqualTo(nodes.recordsInMessage);
                return seen.get() == 500;
            });
        }
    }

    /** Runs the next task, if there is one. */
    private static boolean runs(Queue<Runnable> tasks) {
        var task = tasks.poll();
        if (task != null) {
            task.run();
        }
        return true;
    }

    private record Counter(AtomicInteger seen) implements Flow.Subscriber<LogRecord> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(LogRecord record) {
            seen.incrementAndGet();
        }

        @Override
        public void onError(Throwable error) {
            throw new AssertionError(error);
        }

        @Override
        public void onComplete() {
            // the count says it
        }
    }
}
