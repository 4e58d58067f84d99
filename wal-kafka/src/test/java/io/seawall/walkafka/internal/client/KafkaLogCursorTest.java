package io.seawall.walkafka.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class KafkaLogCursorTest {
    private static final TopicPartition PARTITION = new TopicPartition("seawall-orders", 0);
    private static final PChannel PCHANNEL = PChannel.parse("orders-0");

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
    private final List<Boolean> released = new CopyOnWriteArrayList<>();
    private final KafkaLogCursor cursor = new KafkaLogCursor(new Source(consumer), PARTITION, PCHANNEL, Runnable::run);

    private final class Source implements KafkaLogCursor.Source {
        private final Consumer<byte[], byte[]> lent;

        Source(Consumer<byte[], byte[]> lent) {
            this.lent = lent;
        }

        @Override
        public Consumer<byte[], byte[]> consumer() {
            return lent;
        }

        @Override
        public void release(boolean works) {
            released.add(works);
        }
    }

    private static ErrorCode code(CompletableFuture<?> failed) {
        var error =
                Objects.requireNonNull(failed.handle((done, thrown) -> thrown).join());
        return ((WalException) FutureErrors.unwrapped(error)).code();
    }

    @Test
    void givesBackAConsumerThatWorksOnce() {
        consumer.updateBeginningOffsets(Map.of(PARTITION, 3L));
        consumer.updateEndOffsets(Map.of(PARTITION, 7L));
        assertThat(cursor.range().join().end()).isEqualTo(7);

        cursor.close();
        cursor.close();

        assertThat(released).containsExactly(true);
        assertThat(code(cursor.range())).isEqualTo(ErrorCode.SHUTTING_DOWN);
    }

    @Test
    void givesBackAConsumerWithAFailedCallAsBroken() {
        consumer.setPollException(new KafkaException("planted"));
        assertThat(cursor.fetch(0, Duration.ZERO)).isCompletedExceptionally();

        cursor.close();

        assertThat(released).containsExactly(false);
    }

    /** A consumer whose wake-up comes late fails its next call, so nobody may use it again. */
    @Test
    void givesBackAConsumerThatItHadToWakeUpAsBroken() throws InterruptedException {
        var busy = new PollingConsumer();
        var io = Executors.newSingleThreadExecutor();
        try {
            var polled = new KafkaLogCursor(new Source(busy), PARTITION, PCHANNEL, io);
            var fetched = polled.fetch(0, Duration.ZERO);
            busy.polling.await();

            polled.close();

            assertThat(fetched).succeedsWithin(Duration.ofSeconds(30));
            assertThat(released).containsExactly(false);
        } finally {
            io.shutdownNow();
        }
    }

    /** A consumer whose poll waits for a wake-up, and ends as if it had come too late for this poll. */
    @SuppressWarnings("UnsynchronizedOverridesSynchronized") // a wake-up must come while a poll waits
    private static final class PollingConsumer extends MockConsumer<byte[], byte[]> {
        private final CountDownLatch polling = new CountDownLatch(1);
        private final CountDownLatch woken = new CountDownLatch(1);

        PollingConsumer() {
            super("none");
        }

        @Override
        public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            polling.countDown();
            try {
                woken.await();
            } catch (InterruptedException interrupted) {
                throw new InterruptException(interrupted);
            }
            return ConsumerRecords.empty();
        }

        @Override
        public void wakeup() {
            woken.countDown();
        }
    }
}
