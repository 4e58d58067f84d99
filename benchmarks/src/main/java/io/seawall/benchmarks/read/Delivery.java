package io.seawall.benchmarks.read;

import io.seawall.benchmarks.measure.AppendTarget;
import io.seawall.benchmarks.measure.Clock;
import io.seawall.benchmarks.measure.InFlightLimit;
import io.seawall.benchmarks.measure.Latency;
import io.seawall.benchmarks.measure.OpenLoop;
import io.seawall.benchmarks.measure.Payloads;
import io.seawall.benchmarks.measure.ReadPasses;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Measures the time from when a record is due until a reader that waits at the tail has it. */
final class Delivery {
    private static final int LONGEST_WAIT_S = 60;
    private static final int IN_FLIGHT_RECORDS = 65_536;

    private Delivery() {}

    /**
     * Appends in an open loop while a second thread reads. One thread appends to one partition, so the n-th record read is the
     * n-th record appended.
     *
     * @param load the side that is appended to
     * @param reader a reader at its tail
     */
    static Latency of(AppendTarget load, ReadPasses.Pass reader, int perSecond, Duration duration, Clock clock) {
        var payloads = new Payloads();
        var inFlight = new InFlightLimit(IN_FLIGHT_RECORDS);
        var loop = OpenLoop.lasting(duration, clock.nanos(), perSecond);
        var read = new CompletableFuture<Latency>();
        var thread = new Thread(() -> completeWith(read, reader, loop, clock), "bench-reader");
        thread.start();
        for (var index = 0L; index < loop.count(); index++) {
            clock.await(loop.due(index));
            inFlight.beforeSend();
            load.append(payloads.next(), inFlight);
        }
        inFlight.drain(clock);
        return joined(read);
    }

    private static void completeWith(
            CompletableFuture<Latency> read, ReadPasses.Pass reader, OpenLoop loop, Clock clock) {
        try {
            read.complete(read(reader, loop, clock));
        } catch (RuntimeException error) {
            read.completeExceptionally(error);
        }
    }

    private static Latency read(ReadPasses.Pass reader, OpenLoop loop, Clock clock) {
        var histogram = Latency.histogram();
        var latest = loop.due(loop.count()) + TimeUnit.SECONDS.toNanos(LONGEST_WAIT_S);
        var seen = 0L;
        while (seen < loop.count()) {
            var taken = reader.take();
            var now = clock.nanos();
            if (seen + taken > loop.count() || now > latest) {
                throw new IllegalStateException(
                        "read " + (seen + taken) + " records, expected " + loop.count() + " in time");
            }
            for (var index = 0; index < taken; index++) {
                histogram.recordValue(Math.max(0, now - loop.due(seen++)));
            }
        }
        return Latency.of(histogram);
    }

    private static Latency joined(CompletableFuture<Latency> read) {
        try {
            return read.get(LONGEST_WAIT_S, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a reader runs", interrupted);
        } catch (ExecutionException failed) {
            throw new CompletionException("the reader failed, so this round is invalid", failed.getCause());
        } catch (TimeoutException late) {
            throw new IllegalStateException("the reader did not come to the end within " + LONGEST_WAIT_S + " s", late);
        }
    }
}
