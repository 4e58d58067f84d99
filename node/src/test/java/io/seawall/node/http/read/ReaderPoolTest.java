package io.seawall.node.http.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.node.http.FakeNodeLogs;
import io.seawall.node.http.exchange.HttpLimits;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.wal.PChannel;
import io.seawall.wal.RetryableException;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReaderPoolTest {
    private static final PChannel ORDERS = new PChannel("orders", 0);
    private static final StartPosition START = StartPosition.atLsn(0);

    private final FakeNodeLogs logs = new FakeNodeLogs();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE); // overflows, which a monotonic clock may
    private final NodeMetrics metrics = new NodeMetrics(List::of);
    private final ReaderPool pool = new ReaderPool(logs, nanos::get, metrics);

    ReaderPoolTest() {
        logs.create(ORDERS);
    }

    @AfterEach
    void close() {
        pool.close();
        metrics.close();
    }

    @Test
    void keepsAReaderForTheNextPage() {
        var first = pool.take(ORDERS, START, View.LIVE);
        pool.give(first);

        assertThat(pool.take(ORDERS, START, View.LIVE)).isSameAs(first);
    }

    @Test
    void aReaderOfAnotherViewOrPlaceIsNotTaken() {
        pool.give(pool.take(ORDERS, START, View.LIVE));

        pool.take(ORDERS, START, View.COMMITTED);
        pool.take(ORDERS, StartPosition.tail(), View.LIVE);

        assertThat(logs.opened).hasValue(3);
    }

    @Test
    void aReaderHoldsAtMostAMebibyteAhead() {
        for (var record = 0; record < 10; record++) {
            logs.log(ORDERS).append(new byte[300_000]).join();
        }
        var reader = pool.take(ORDERS, START, View.LIVE);
        reader.updateBounds();

        var first = reader.peek(Duration.ZERO, () -> false);

        assertThat(first).isNotNull();
        assertThat(logs.mostPolledBytes).hasValue(3 * 300_000L);
    }

    @Test
    void aBusyReaderIsNotShared() {
        var first = pool.take(ORDERS, START, View.LIVE);
        pool.give(first);
        pool.take(ORDERS, START, View.LIVE);

        assertThat(pool.take(ORDERS, START, View.LIVE)).isNotSameAs(first);
    }

    @Test
    void closesAReaderThatNobodyCameBackFor() {
        pool.give(pool.take(ORDERS, START, View.LIVE));

        nanos.addAndGet(HttpLimits.IDLE_READER.toNanos() - 1);
        pool.sweep();
        assertThat(logs.open).hasValue(1);
        nanos.addAndGet(1);
        pool.sweep();

        assertThat(logs.open).hasValue(0);
    }

    @Test
    void keepsNoMoreThanItsBound() {
        var surplus = 3;
        IntStream.range(0, HttpLimits.IDLE_READERS + surplus).forEach(at -> {
            var pchannel = new PChannel("orders", at);
            logs.create(pchannel);
            pool.give(pool.take(pchannel, START, View.LIVE));
        });

        assertThat(logs.open).hasValue(HttpLimits.IDLE_READERS);
    }

    @Test
    void closesEveryReaderAndGivesNoMore() {
        pool.give(pool.take(ORDERS, START, View.LIVE));
        var busy = pool.take(ORDERS, START, View.COMMITTED);

        pool.close();
        pool.give(busy);

        assertThat(logs.open).hasValue(0);
        assertThatThrownBy(() -> pool.take(ORDERS, START, View.LIVE)).isInstanceOf(RetryableException.class);
    }
}
