package io.seawall.benchmarks.wire;

import io.seawall.benchmarks.measure.Clock;
import io.seawall.benchmarks.measure.Latency;
import io.seawall.benchmarks.measure.OpenLoop;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Requests over many connections, each with a thread that sends one after the other. */
final class HttpLoad implements AutoCloseable {
    private static final int LONGEST_WAIT_S = 120;

    private final URI node;
    private final int connections;
    private final Clock clock;
    private final ExecutorService threads;

    HttpLoad(URI node, int connections, Clock clock) {
        this.node = node;
        this.connections = connections;
        this.clock = clock;
        var number = new AtomicInteger();
        this.threads = Executors.newFixedThreadPool(connections, task -> {
            var thread = new Thread(task, "bench-http-" + number.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Sends for some time, on each connection as fast as answers come. */
    Map<String, Double> atFullSpeed(List<byte[]> requests, Duration duration) {
        var histogram = Latency.histogram();
        var start = clock.nanos();
        var end = start + duration.toNanos();
        onEachConnection(connection -> {
            var next = 0;
            for (var now = clock.nanos(); now < end; ) {
                connection.exchange(requests.get(next++ % requests.size()));
                var answered = clock.nanos();
                histogram.recordValue(answered - now);
                now = answered;
            }
        });
        var seconds = (clock.nanos() - start) / (double) TimeUnit.SECONDS.toNanos(1);
        var figures = new LinkedHashMap<String, Double>();
        figures.put("requestsPerSecond", histogram.getTotalCount() / seconds);
        figures.putAll(Figures.of(Latency.of(histogram)));
        return figures;
    }

    /** Sends at a constant rate; measures each request from when it was due until it was answered. */
    Latency atRate(List<byte[]> requests, int perSecond, Duration duration) {
        var histogram = Latency.histogram();
        var loop = OpenLoop.lasting(duration, clock.nanos(), perSecond);
        var next = new AtomicLong();
        onEachConnection(connection -> {
            for (var index = next.getAndIncrement(); index < loop.count(); index = next.getAndIncrement()) {
                clock.await(loop.due(index));
                connection.exchange(requests.get((int) (index % requests.size())));
                histogram.recordValue(clock.nanos() - loop.due(index));
            }
        });
        return Latency.of(histogram);
    }

    /** What one connection does. */
    private interface Work {
        void on(HttpConnection connection) throws IOException;
    }

    private void onEachConnection(Work work) {
        var running = new ArrayList<Future<?>>();
        for (var at = 0; at < connections; at++) {
            running.add(threads.submit(() -> {
                try (var connection = new HttpConnection(node)) {
                    work.on(connection);
                }
                return null;
            }));
        }
        for (var one : running) {
            try {
                one.get(LONGEST_WAIT_S, TimeUnit.SECONDS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while requests are sent", interrupted);
            } catch (ExecutionException | TimeoutException failed) {
                throw new IllegalStateException("a request failed, so this round is invalid", failed);
            }
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
