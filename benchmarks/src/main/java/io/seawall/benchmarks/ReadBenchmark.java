package io.seawall.benchmarks;

import io.seawall.wal.LogRecord;
import io.seawall.wal.PChannel;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.WalReader;
import io.seawall.walkafka.WalSettings;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads one prepared log in the live view against a bare {@code read_uncommitted} consumer of the same partition. */
public final class ReadBenchmark {
    private static final Duration WAIT = Duration.ofMillis(500);
    private static final int MOST_RECORDS = 5_000;

    private final BenchKafka kafka;
    private final Plan plan;
    private final Consumer<String> progress;
    private final Clock clock = Clock.system();

    /**
     * Prepares.
     *
     * @param kafka where to run
     * @param plan how much to measure
     * @param progress told a line now and then
     */
    public ReadBenchmark(BenchKafka kafka, Plan plan, Consumer<String> progress) {
        this.kafka = kafka;
        this.plan = plan;
        this.progress = progress;
    }

    /** Measures; blocks for the whole time. */
    public ReadReport run() {
        var settings = SameSettings.of(kafka);
        try (var wals = kafka.wals("read", WalSettings.defaults(), Map.of())) {
            var log = kafka.newLog("read");
            progress.accept("writing " + plan.preparedRecords() + " records ...");
            try (var wal = wals.opener().open(log, 1).wal().join()) {
                new Filling(clock).fill(wal, plan.preparedRecords());
            }
            var passes = new ReadPasses(plan.preparedRecords(), clock);
            ReadPasses.Source bare = () -> new BarePass(settings.consumer(), log);
            ReadPasses.Source ours = () -> new WalPass(wals.readers().open(log, new StartPosition.Oldest(), View.LIVE));
            progress.accept("warming up ...");
            passes.run(bare, plan.warmUp());
            passes.run(ours, plan.warmUp());
            var throughput = Rounds.interleaved(
                    plan.rounds(),
                    round -> passes.run(bare, plan.round()),
                    round -> passes.run(ours, plan.round()),
                    this::tell);
            return ReadReport.of(kafka.replicas(), plan.preparedRecords(), throughput);
        }
    }

    private void tell(Pair<Throughput> pair) {
        progress.accept(String.format(
                Locale.ROOT,
                "live read: bare %.1f MB/s, seawall %.1f MB/s, ratio %.3f",
                pair.bare().mbPerSecond(),
                pair.seawall().mbPerSecond(),
                Rounds.ratio(pair, Throughput::mbPerSecond)));
    }

    /** Our side. */
    private record WalPass(WalReader reader) implements ReadPasses.Pass {
        @Override
        public int take() {
            var records = reader.poll(MOST_RECORDS, WAIT);
            for (var record : records) {
                check(value(record));
            }
            return records.size();
        }

        private static byte[] value(LogRecord record) {
            var value = record.data().value();
            return value == null ? new byte[0] : value;
        }

        @Override
        public void close() {
            reader.close();
        }
    }

    /** The bare side: sees our records of control too, and does not count them. */
    private final class BarePass implements ReadPasses.Pass {
        private final KafkaConsumer<byte[], byte[]> consumer;

        BarePass(Map<String, Object> settings, PChannel log) {
            consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            var partition = new TopicPartition(kafka.kafkaName(log.topic()), log.partition());
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
        }

        @Override
        public int take() {
            var data = 0;
            for (var record : consumer.poll(WAIT)) {
                if (record.value().length == Payloads.RECORD_BYTES) {
                    data++;
                }
            }
            return data;
        }

        @Override
        public void close() {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
    }

    private static void check(byte[] value) {
        if (value.length != Payloads.RECORD_BYTES) {
            throw new IllegalStateException(
                    "read a record of " + value.length + " bytes, expected " + Payloads.RECORD_BYTES);
        }
    }
}
