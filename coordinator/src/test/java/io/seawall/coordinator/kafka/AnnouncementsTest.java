package io.seawall.coordinator.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.coordinator.meta.MetaRecord.Topic;
import io.seawall.wal.Effect;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.WalException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a process says about itself, on Kafka's fake producer. */
@Timeout(60)
class AnnouncementsTest {
    private static final Topic RECORD = new Topic("a", 1);

    private final List<MockProducer<byte[], byte[]>> made = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Integer> sends = new LinkedBlockingQueue<>();
    private final CountDownLatch producers = new CountDownLatch(1);
    private final Announcements announcements = new Announcements("meta", this::make);

    private Producer<byte[], byte[]> make() {
        try {
            producers.await();
        } catch (InterruptedException interrupted) {
            throw new InterruptException(interrupted);
        }
        var producer = new Counted(made.size());
        made.add(producer);
        return producer;
    }

    /** Kafka's fake producer, which waits for the test with each record, and tells the test of it. */
    private final class Counted extends MockProducer<byte[], byte[]> {
        private final int number;

        private Counted(int number) {
            super(false, null, new ByteArraySerializer(), new ByteArraySerializer());
            this.number = number;
        }

        @Override
        public synchronized Future<RecordMetadata> send(
                ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
            var sent = super.send(record, callback);
            sends.add(number);
            return sent;
        }
    }

    private MockProducer<byte[], byte[]> producer(int number) {
        return made.get(number);
    }

    @AfterEach
    void close() {
        producers.countDown();
        announcements.close();
    }

    private static WalException error(CompletableFuture<Void> call) throws Exception {
        var error = call.handle((nothing, failure) -> FutureErrors.unwrapped(Objects.requireNonNull(failure, "done")))
                .get(20, TimeUnit.SECONDS);
        assertThat(error).isInstanceOf(WalException.class);
        return (WalException) error;
    }

    /** Writes a record whose outcome does not matter. */
    private void writes(int producer) throws Exception {
        var unused = write(producer);
    }

    /** Writes a record, and waits until a producer has it. */
    private CompletableFuture<Void> write(int producer) throws Exception {
        producers.countDown();
        var done = announcements.write(RECORD);
        assertThat(sends.poll(20, TimeUnit.SECONDS)).isEqualTo(producer);
        return done;
    }

    @Test
    void aRecordIsDoneWhenKafkaHasAcknowledgedIt() throws Exception {
        var done = write(0);
        assertThat(done).isNotDone();

        producer(0).completeNext();

        done.get(20, TimeUnit.SECONDS);
        assertThat(producer(0).history().get(0).partition()).isZero();
    }

    @Test
    void aRecordThatWasNotAcknowledgedInTimeMayHaveBeenWrittenAndItsProducerGoesOn() throws Exception {
        var done = write(0);
        producer(0).errorNext(new TimeoutException("120000 ms have passed"));

        assertThat(error(done).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(error(done).effect()).isEqualTo(Effect.UNKNOWN);
        writes(0);
        assertThat(producer(0).closed()).isFalse();
    }

    @Test
    void aProducerWithAFinalErrorIsReplaced() throws Exception {
        var done = write(0);
        producer(0).errorNext(new OutOfOrderSequenceException("a fault of the test"));
        assertThat(error(done).code()).isEqualTo(ErrorCode.UNAVAILABLE);

        var next = write(1);
        assertThat(producer(0).closed()).isTrue();
        producer(1).completeNext();
        next.get(20, TimeUnit.SECONDS);
    }

    @Test
    void lateErrorsOfAFormerProducerLeaveTheNextOneAlone() throws Exception {
        writes(0);
        writes(0);
        producer(0).errorNext(new TopicAuthorizationException("meta"));
        writes(1);

        producer(0).errorNext(new KafkaException("Producer is closed forcefully."));

        writes(1);
        assertThat(producer(1).closed()).isFalse();
    }

    @Test
    void aSendThatFailsAtOnceFailsTheRecord() throws Exception {
        writes(0);
        producer(0).sendException = new KafkaException("a fault of the test");

        assertThat(error(announcements.write(RECORD)).code()).isEqualTo(ErrorCode.UNAVAILABLE);

        writes(1);
    }

    @Test
    void recordsBeyondTheBoundAreRefusedWhileKafkaIsAway() throws Exception {
        var waiting = new ArrayList<CompletableFuture<Void>>();
        // One may be with the thread already, which waits for a producer.
        for (var each = 0; each < 258; each++) {
            waiting.add(announcements.write(RECORD));
        }

        var refused = waiting.stream().filter(CompletableFuture::isDone).toList();
        assertThat(refused).hasSizeBetween(1, 2);
        assertThat(error(refused.get(0)).code()).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(error(refused.get(0)).effect()).isEqualTo(Effect.NONE);
    }

    @Test
    void aWriterThatIsClosedRefusesRecords() throws Exception {
        writes(0);
        announcements.close();

        assertThat(producer(0).closed()).isTrue();
        assertThat(error(announcements.write(RECORD)).code()).isEqualTo(ErrorCode.SHUTTING_DOWN);
    }
}
