package io.seawall.walkafka.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.WalRecord;
import io.seawall.walkafka.internal.fake.ManualTime;
import io.seawall.walkafka.port.LaneFault;
import io.seawall.walkafka.port.LaneProducer.Acknowledged;
import io.seawall.walkafka.port.LaneProducer.Outgoing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HeldSendsTest {
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final ManualTime time = new ManualTime();
    private final Producer producer = new Producer();
    private final HeldSends sends = new HeldSends(producer, LONGEST, time);
    private final List<String> failed = new ArrayList<>();

    /** A producer that the test makes ready or not ready. */
    private static final class Producer implements HeldSends.Target {
        private final List<Long> sent = new ArrayList<>();
        private final List<Duration> waits = new ArrayList<>();
        private volatile boolean ready = true;
        private CompletableFuture<Void> wait = new CompletableFuture<>();
        private Runnable afterSend = () -> {};

        @Override
        public boolean isReady() {
            return ready;
        }

        @Override
        public CompletableFuture<Void> ready(Duration longest) {
            waits.add(longest);
            wait = new CompletableFuture<>();
            return wait;
        }

        @Override
        public void send(Outgoing record, Acknowledged callback) {
            sent.add(record.timestampMs());
            afterSend.run();
        }

        void becomeReady() {
            ready = true;
            wait.complete(null);
        }
    }

    private void send(long number) {
        sends.send(record(number), (offset, fault) -> failed.add(number + " " + fault));
    }

    private static Outgoing record(long number) {
        return new Outgoing(new byte[0], null, number, new WalRecord(null, new byte[0], List.of()));
    }

    @Test
    void sendsAtOnceWhileTheTopicIsKnown() {
        send(1);
        send(2);

        assertThat(producer.sent).containsExactly(1L, 2L);
        assertThat(sends.unsent()).isNull();
    }

    @Test
    void holdsRecordsBackUntilTheTopicIsKnownAndSendsThemInOrder() {
        producer.ready = false;

        send(1);
        send(2);
        producer.ready = true;
        send(3);
        assertThat(producer.sent).as("while the first one is held back").isEmpty();
        assertThat(sends.unsent()).isNotNull();
        producer.becomeReady();
        send(4);

        assertThat(producer.sent).containsExactly(1L, 2L, 3L, 4L);
        assertThat(producer.waits).containsExactly(LONGEST);
        assertThat(sends.unsent()).isNull();
        assertThat(failed).isEmpty();
    }

    @Test
    void holdsTheRestBackIfTheTopicIsForgottenAgain() {
        producer.ready = false;
        send(1);
        send(2);
        producer.afterSend = () -> producer.ready = false;

        time.advance(10_000);
        producer.becomeReady();
        assertThat(producer.sent).containsExactly(1L);
        producer.becomeReady();

        assertThat(producer.sent).containsExactly(1L, 2L);
        assertThat(producer.waits)
                .as("the second one has waited since it was sent")
                .containsExactly(LONGEST, LONGEST.minusSeconds(10));
    }

    @Test
    void allRecordsFailAfterTheLongestTimeAndNoneIsSentLater() {
        producer.ready = false;
        send(1);
        send(2);
        var fault = new LaneFault(LaneFault.Kind.UNAVAILABLE, new TimeoutException("not known"));

        producer.wait.completeExceptionally(fault);
        producer.ready = true;
        send(3);

        assertThat(producer.sent)
                .as("a later record would be written behind a gap")
                .isEmpty();
        assertThat(failed).containsExactly("1 " + fault, "2 " + fault, "3 " + fault);
        assertThat(sends.unsent()).isEqualTo(fault);
    }

    @Test
    void aClosedLaneDropsTheRecordsThatItHoldsBack() {
        producer.ready = false;
        send(1);
        var fault = new LaneFault(LaneFault.Kind.UNAVAILABLE, new IllegalStateException("closed"));

        sends.fail(fault);
        producer.becomeReady();

        assertThat(producer.sent).isEmpty();
        assertThat(failed).containsExactly("1 " + fault);
    }

    /** One thread sends while another one completes the waits of a producer that is often not ready. */
    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void keepsTheOrderHoweverOftenTheTopicIsForgotten() throws InterruptedException {
        var flapping = new Flapping();
        var racing = new HeldSends(flapping, LONGEST, time);
        var waits = new Thread(flapping, "becomes-ready");

        waits.start();
        for (var number = 0; number < Flapping.RECORDS; number++) {
            racing.send(record(number), (offset, fault) -> {});
        }
        waits.join();

        assertThat(flapping.sent)
                .containsExactlyElementsOf(IntStream.range(0, Flapping.RECORDS)
                        .mapToObj(Long::valueOf)
                        .toList());
    }

    /** A producer that is not ready at every third call. The other thread completes its waits. */
    private static final class Flapping implements HeldSends.Target, Runnable {
        static final int RECORDS = 20_000;

        private final List<Long> sent = new ArrayList<>(); // used by two threads, never at once
        private final BlockingQueue<CompletableFuture<Void>> waits = new LinkedBlockingQueue<>();
        private int calls;
        private volatile int count;

        @Override
        public boolean isReady() {
            return ++calls % 3 != 0;
        }

        @Override
        public CompletableFuture<Void> ready(Duration longest) {
            var wait = new CompletableFuture<Void>();
            waits.add(wait);
            return wait;
        }

        @Override
        public void send(Outgoing record, Acknowledged callback) {
            sent.add(record.timestampMs());
            count = sent.size();
        }

        @Override
        public void run() {
            try {
                while (count < RECORDS) {
                    var wait = waits.poll(1, TimeUnit.MILLISECONDS);
                    if (wait != null) {
                        wait.complete(null);
                    }
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
