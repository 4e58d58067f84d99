package io.seawall.benchmarks.read;

import io.seawall.benchmarks.measure.Payloads;
import io.seawall.benchmarks.measure.ReadPasses;
import io.seawall.wal.LogRecord;
import io.seawall.wal.PChannel;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.WalReader;
import io.seawall.walkafka.KafkaWals;

/**
 * Seawall's side of a read benchmark.
 *
 * @param reader a reader of the live view
 */
record WalPass(WalReader reader) implements ReadPasses.Pass {
    private static final int MOST_RECORDS = 5_000;

    static WalPass of(KafkaWals wals, PChannel log, StartPosition from) {
        return new WalPass(wals.readers().open(log, from, View.LIVE));
    }

    @Override
    public int take() {
        var records = reader.poll(MOST_RECORDS, WAIT);
        for (var record : records) {
            check(record);
        }
        return records.size();
    }

    private static void check(LogRecord record) {
        var value = record.data().value();
        var bytes = value == null ? 0 : value.length;
        if (bytes != Payloads.RECORD_BYTES) {
            throw new IllegalStateException("read a record of " + bytes + " bytes, expected " + Payloads.RECORD_BYTES);
        }
    }

    @Override
    public void close() {
        reader.close();
    }
}
