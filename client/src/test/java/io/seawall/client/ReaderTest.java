package io.seawall.client;

import static io.seawall.client.FakeCluster.LOG;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.seawall.client.log.Codes;
import io.seawall.client.log.LogReader;
import io.seawall.client.log.LogRecord;
import io.seawall.client.log.ReaderOptions;
import io.seawall.client.log.SeawallException;
import io.seawall.client.log.StartPosition;
import io.seawall.client.log.WalRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReaderTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final ReaderOptions UNTIL_TAIL = ReaderOptions.defaults().withUntilTail(true);

    private final FakeCluster nodes = new FakeCluster("n1:1", "n2:1");
    private final SeawallClient client = nodes.client("n1:1", "n2:1");

    @AfterEach
    void close() {
        client.close();
        nodes.close();
    }

    private void append(int from, int to) throws Exception {
        try (var writer = client.writer(LOG)) {
            var batch = IntStream.range(from, to)
                    .mapToObj(number -> WalRecord.of("" + number))
                    .toList();
            writer.append(batch).get(30, SECONDS);
        }
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(number -> "" + number).toList();
    }

    private static List<String> poll(LogReader reader, int count) {
        var read = new ArrayList<String>();
        while (read.size() < count) {
            var records = reader.poll(LONG);
            assertThat(records).isNotEmpty();
            records.forEach(record -> read.add(record.text()));
        }
        return read;
    }

    @Test
    void readsEverythingUntilTheTail() throws Exception {
        append(0, 1_000);
        try (var reader = client.reader(LOG, StartPosition.oldest(), UNTIL_TAIL)) {
            var read = new ArrayList<LogRecord>();
            reader.forEach(read::add);

            assertThat(read).extracting(LogRecord::text).containsExactlyElementsOf(numbers(0, 1_000));
            assertThat(read).extracting(LogRecord::lsn).startsWith(0L, 1L).endsWith(999L);
            assertThat(reader.next()).isEqualTo(1_000);
            assertThat(reader.tail()).isEqualTo(1_000);
            assertThat(reader.isEnded()).isTrue();
        }
    }

    @Test
    void anEmptyLogEndsAtOnce() {
        try (var reader = client.reader(LOG, StartPosition.oldest(), UNTIL_TAIL)) {
            assertThat(reader.iterator().hasNext()).isFalse();
        }
    }

    @Test
    void goesOnAtTheNextLsnAfterACutAndAtAnotherNode() throws Exception {
        append(0, 500);
        try (var reader = client.reader(LOG, StartPosition.lsn(100))) {
            var read = new ArrayList<>(poll(reader, 100));
            nodes.cutCalls();
            read.addAll(poll(reader, 100));
            nodes.kill(nodes.requests
                    .get(nodes.requests.size() - 1)
                    .substring("read at ".length(), "read at n1:1".length()));
            read.addAll(poll(reader, 400 - read.size()));

            assertThat(read).containsExactlyElementsOf(numbers(100, 500));
        }
    }

    @Test
    void startsAtTheTailThatTheFirstAnswerFixed() throws Exception {
        append(0, 10);
        try (var reader = client.reader(LOG, StartPosition.tail())) {
            assertThat(reader.start().get(30, SECONDS)).isEqualTo(10);
            nodes.cutCalls();
            append(10, 20);

            assertThat(poll(reader, 10)).containsExactlyElementsOf(numbers(10, 20));
        }
    }

    @Test
    void failsIfARecordIsMissing() throws Exception {
        append(0, 10);
        nodes.skipRecord = true;
        try (var reader = client.reader(LOG, StartPosition.lsn(0))) {
            var error = catchThrowableOfType(SeawallException.class, () -> reader.poll(LONG));

            assertThat(error.code()).isEqualTo(Codes.DATA_LOSS);
            assertThat(error.getMessage()).contains("found LSN 1, expected LSN 0");
        }
    }

    @Test
    void failsBeyondTheTail() {
        try (var reader = client.reader(LOG, StartPosition.lsn(7))) {
            var error = catchThrowableOfType(SeawallException.class, () -> reader.poll(LONG));

            assertThat(error.code()).isEqualTo(Codes.BEYOND_TAIL);
            assertThat(error.number("tail")).hasValue(0);
        }
    }

    @Test
    void aReaderThatIsNotEmptiedStopsTheNode() throws Exception {
        append(0, 1_000);
        nodes.recordsInMessage = 10;
        var options = ReaderOptions.defaults().withMessageBytes(1 << 10).withPrefetchBytes(3 << 10);
        try (var reader = client.reader(LOG, StartPosition.oldest(), options)) {
            assertThat(poll(reader, 10)).hasSize(10);
            append(1_000, 1_001); // what the reader was to ask for, it has asked for by now

            assertThat(nodes.messagesSent).isLessThanOrEqualTo(5);
            assertThat(poll(reader, 991)).endsWith("1000");
        }
    }

    @Test
    void givesASubscriberWhatItAsksFor() throws Exception {
        append(0, 250);
        var seen = new LinkedBlockingQueue<String>();
        try (var reader = client.reader(LOG, StartPosition.oldest(), UNTIL_TAIL)) {
            var subscriber = new Recorder(seen);
            reader.publisher().subscribe(subscriber);
            var subscription = subscriber.subscription.take();
            subscription.request(2);
            assertThat(List.of(seen.take(), seen.take())).containsExactly("0", "1");
            subscription.request(Long.MAX_VALUE);
            for (var number = 2; number < 250; number++) {
                assertThat(seen.take()).isEqualTo("" + number);
            }

            assertThat(seen.take()).isEqualTo("complete");
        }
    }

    @Test
    void tellsASubscriberOfAFailureWithoutDemand() throws Exception {
        append(0, 10);
        nodes.skipRecord = true;
        var seen = new LinkedBlockingQueue<String>();
        try (var reader = client.reader(LOG, StartPosition.lsn(0))) {
            reader.publisher().subscribe(new Recorder(seen));

            assertThat(seen.take()).contains("expected LSN 0");
        }
    }

    @Test
    void isUsedInOneWay() {
        try (var reader = client.reader(LOG, StartPosition.oldest(), UNTIL_TAIL)) {
            reader.poll(Duration.ZERO);

            assertThatThrownBy(reader::iterator).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void closeEndsAThreadThatWaits() throws Exception {
        var reader = client.reader(LOG, StartPosition.oldest());
        var waiting = new Thread(() -> reader.forEach(record -> {}));
        waiting.start();
        while (waiting.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        reader.close();
        waiting.join(20_000);

        assertThat(waiting.isAlive()).isFalse();
    }

    private record Recorder(BlockingQueue<String> seen, BlockingQueue<Flow.Subscription> subscription)
            implements Flow.Subscriber<LogRecord> {
        Recorder(BlockingQueue<String> seen) {
            this(seen, new LinkedBlockingQueue<>());
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription.add(given);
        }

        @Override
        public void onNext(LogRecord record) {
            seen.add(record.text());
        }

        @Override
        public void onError(Throwable error) {
            seen.add("" + error.getMessage());
        }

        @Override
        public void onComplete() {
            seen.add("complete");
        }
    }
}
