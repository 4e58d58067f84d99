package io.seawall.benchmarks.wire;

import io.seawall.benchmarks.measure.AppendCallback;
import io.seawall.benchmarks.measure.BenchKafka;
import io.seawall.wal.Wal;
import io.seawall.wal.WalRecord;
import io.seawall.walkafka.KafkaWals;
import java.util.List;

/** Batches that are appended to a log in this process. */
final class WalBatches extends BatchTarget {
    private final BenchKafka kafka;
    private final Wal wal;

    private WalBatches(BenchKafka kafka, Wal wal, int records) {
        super(records);
        this.kafka = kafka;
        this.wal = wal;
    }

    static Source source(BenchKafka kafka, KafkaWals wals, int records) {
        return topic -> {
            var wal = wals.opener().open(kafka.newLog(topic), 1).wal().join();
            wal.append(new byte[1]).join();
            return new WalBatches(kafka, wal, records);
        };
    }

    @Override
    void send(List<byte[]> batch, AppendCallback answer) {
        var unused = wal.append(batch.stream().map(WalRecord::of).toList())
                .whenComplete((appended, error) -> answer.on(error));
    }

    @Override
    public void close() {
        wal.close();
        kafka.delete(wal.pchannel().topic());
    }
}
