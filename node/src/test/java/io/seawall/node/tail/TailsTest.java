package io.seawall.node.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.node.http.FakeNodeLogs;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.wal.PChannel;
import io.seawall.wal.PollLimits;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.WalRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Shared tails with their threads. */
@Timeout(60)
class TailsTest {
    private static final PChannel ORDERS = new PChannel("orders", 0);
    private static final int CLIENTS = 8;
    private static final int RECORDS = 3_000;
    private static final RecordEncoder LSNS = records -> {
        var bytes = new byte[records.size()];
        var ends = new int[records.size()];
        for (var at = 0; at < bytes.length; at++) {
            bytes[at] = (byte) records.get(at).lsn();
            ends[at] = at + 1;
        }
        return new EncodedRecords(bytes, ends);
    };

    /** A client that reads all records; returns how many came wrong. */
    private record Client(Tails tails, int number) implements Callable<Integer> {
        @Override
        public Integer call() throws InterruptedException {
            var changed = new Semaphore(0);
            var limits = new PollLimits(1 + 7 * number, 1 << 20); // the lower ones are slower
            var wrong = 0;
            var next = 0L;
            try (var reader =
                    TailingReader.open(tails, ORDERS, StartPosition.oldest(), View.LIVE, true, changed::release)) {
                while (next < RECORDS) {
                    if (!reader.hasMore()) {
                        changed.acquire();
                        changed.drainPermits();
                        continue;
                    }
                    var slices = reader.isShared() ? reader.take(limits) : reader.poll(limits, Duration.ofMillis(100));
                    for (var slice : slices) {
                        var encoded = slice.encoded(LSNS);
                        for (var record : slice.records()) {
                            wrong += record.lsn() == next && encoded.get() == (byte) next ? 0 : 1;
                            next++;
                        }
                    }
                }
            }
            return wrong;
        }
    }

    @Test
    void readersOnManyThreadsSeeEachRecordOnceAndInOrder() throws Exception {
        var logs = new FakeNodeLogs();
        var log = logs.create(ORDERS);
        var threads = Executors.newFixedThreadPool(CLIENTS);
        try (var metrics = new NodeMetrics(List::of);
                var tails = new Tails(logs, new TailLimits(1, 10_000, Duration.ZERO), metrics, System::nanoTime)) {
            var clients = new ArrayList<Future<Integer>>();
            for (var number = 0; number < CLIENTS; number++) {
                clients.add(threads.submit(new Client(tails, number)));
            }
            for (var lsn = 0; lsn < RECORDS; lsn++) {
                log.append(WalRecord.of(new byte[20])).join();
            }
            for (var client : clients) {
                assertThat(client.get(50, TimeUnit.SECONDS)).isZero();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(logs.open).hasValue(0);
    }

    @Test
    void tasksOfReadersRunOnSharedThreadsAndTellWhyTheyDoNot() throws Exception {
        try (var metrics = new NodeMetrics(List::of)) {
            var tails =
                    new Tails(new FakeNodeLogs(), new TailLimits(1, 10_000, Duration.ZERO), metrics, System::nanoTime);
            var ran = new Semaphore(0);
            var failed = new ArrayList<String>();

            tails.send(ran::release, failure -> failed.add(String.valueOf(failure.getMessage())));
            assertThat(ran.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
            tails.close();
            tails.send(ran::release, failure -> failed.add(String.valueOf(failure.getMessage())));

            assertThat(failed).singleElement().asString().contains("a node that stops");
            assertThat(ran.availablePermits()).isZero();
        }
    }
}
