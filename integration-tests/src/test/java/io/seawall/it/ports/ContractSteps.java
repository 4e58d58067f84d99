package io.seawall.it.ports;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.seawall.wal.PChannel;
import io.seawall.wal.WalRecord;
import io.seawall.walkafka.port.Lane;
import io.seawall.walkafka.port.LaneFault;
import io.seawall.walkafka.port.LaneFault.Kind;
import io.seawall.walkafka.port.LaneProducer;
import io.seawall.walkafka.port.LogCursor.Isolation;
import io.seawall.walkafka.port.LogCursor.Stored;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The steps of the contract tests of the ports, on either kind of Kafka. */
abstract class ContractSteps {
    static final Duration LOOK = Duration.ofMillis(300);

    /** Returns the Kafka to test. */
    abstract ContractKafka kafka();

    LaneProducer producer(PChannel pchannel, Lane lane) {
        return kafka().ports().producers().create(pchannel, lane);
    }

    LaneProducer initialized(PChannel pchannel, Lane lane) {
        var producer = producer(pchannel, lane);
        await(producer.init());
        return producer;
    }

    <T> T await(CompletableFuture<T> future) {
        return kafka().await(future);
    }

    static LaneProducer.Outgoing record(String value) {
        return new LaneProducer.Outgoing(
                "1.0/0".getBytes(UTF_8), null, 1_700_000_000_000L, WalRecord.of(value.getBytes(UTF_8)));
    }

    static CompletableFuture<Long> sent(LaneProducer producer, LaneProducer.Outgoing record) {
        var acknowledged = new CompletableFuture<Long>();
        producer.send(record, (offset, fault) -> {
            if (fault == null) {
                acknowledged.complete(offset);
            } else {
                acknowledged.completeExceptionally(fault);
            }
        });
        return acknowledged;
    }

    long send(LaneProducer producer, String value) {
        return await(sent(producer, record(value)));
    }

    void commit(LaneProducer producer, String value) {
        producer.begin();
        send(producer, value);
        await(producer.commit());
    }

    void assertFails(CompletableFuture<?> future, Kind... kinds) {
        assertThat(catchThrowable(() -> await(future)))
                .isInstanceOfSatisfying(
                        LaneFault.class,
                        fault -> assertThat(fault.kind()).as("%s", fault).isIn((Object[]) kinds));
    }

    List<Stored> read(PChannel pchannel, Isolation isolation) {
        try (var cursor = kafka().ports().cursors().open(pchannel, isolation)) {
            var range = await(cursor.range());
            var all = new ArrayList<Stored>();
            var at = range.start();
            while (at < range.end()) {
                var fetched = await(cursor.fetch(at, LOOK));
                fetched.records().stream()
                        .filter(stored -> stored.offset() < range.end())
                        .forEach(all::add);
                at = fetched.next();
            }
            return all;
        }
    }

    List<String> values(PChannel pchannel, Isolation isolation) {
        return read(pchannel, isolation).stream()
                .map(stored -> new String(stored.data().value(), UTF_8))
                .toList();
    }

    long end(PChannel pchannel, Isolation isolation) {
        try (var cursor = kafka().ports().cursors().open(pchannel, isolation);
                var readers = kafka().ports().readerCursors().open(pchannel, isolation)) {
            var range = await(cursor.range());
            assertThat(await(readers.range())).as("as a reader reports it").isEqualTo(range);
            return range.end();
        }
    }
}
