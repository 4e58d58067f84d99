package io.seawall.walkafka.internal.read;

import static io.seawall.walkafka.internal.fake.ThrownErrors.failure;

import io.seawall.wal.LogRecord;
import io.seawall.wal.PChannel;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.WalException;
import io.seawall.wal.WalReader;
import io.seawall.walkafka.internal.fake.FakePartition;
import io.seawall.walkafka.internal.fake.ManualTime;
import io.seawall.walkafka.internal.scan.LsnIndexes;
import io.seawall.walkafka.internal.scan.Owners;
import io.seawall.walkafka.port.LogCursors;
import io.seawall.walkafka.port.TopicAdmin;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Provides a fake log and readers of it. */
abstract class KafkaReadersFixture {
    static final PChannel PCHANNEL = new PChannel("orders", 0);
    static final long T0 = 1_700_000_000_000L;

    final ManualTime time = new ManualTime();
    final FakePartition log = new FakePartition(time);
    final KafkaReaders readers = readers((pchannel, isolation) -> log.cursor(isolation));
    int opens;

    KafkaReaders readers(LogCursors cursors) {
        TopicAdmin topics = topic -> CompletableFuture.completedFuture(new TopicAdmin.Facts("id", 1, 1, Map.of()));
        return new KafkaReaders(cursors, topics, time, new LsnIndexes(), new Owners());
    }

    WalException refused(long lsn, View view) {
        return failure(() -> readers.open(PCHANNEL, StartPosition.atLsn(lsn), view));
    }

    static StartPosition at(long afterT0) {
        return StartPosition.atTime(Instant.ofEpochMilli(T0 + afterT0));
    }

    long startOf(long afterT0, View view) {
        try (var reader = readers.open(PCHANNEL, at(afterT0), view)) {
            return reader.nextLsn();
        }
    }

    static long one(WalReader reader) {
        return reader.poll(1, Duration.ofSeconds(1)).get(0).lsn();
    }

    static List<Long> lsns(WalReader reader) {
        return reader.poll(100, Duration.ofSeconds(1)).stream()
                .map(LogRecord::lsn)
                .toList();
    }
}
