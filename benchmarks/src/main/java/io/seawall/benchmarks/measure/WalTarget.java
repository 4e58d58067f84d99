package io.seawall.benchmarks.measure;

import io.seawall.wal.Wal;
import io.seawall.walkafka.KafkaWals;

/** Seawall's side: a log, opened at term 1. */
public final class WalTarget implements AppendTarget {
    private final BenchKafka kafka;
    private final Wal wal;

    private WalTarget(BenchKafka kafka, Wal wal) {
        this.kafka = kafka;
        this.wal = wal;
    }

    public static Source source(BenchKafka kafka, KafkaWals wals) {
        return topic -> {
            var wal = wals.opener().open(kafka.newLog(topic), 1).wal().join();
            wal.append(new byte[1]).join();
            return new WalTarget(kafka, wal);
        };
    }

    @Override
    public void append(byte[] value, AppendCallback answer) {
        var unused = wal.append(value).whenComplete((appended, error) -> answer.on(error));
    }

    @Override
    public void close() {
        wal.close();
        kafka.delete(wal.pchannel().topic());
    }
}
