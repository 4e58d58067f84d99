package io.seawall.walkafka;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.Opening;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalOpener;
import io.seawall.wal.WalReaders;
import io.seawall.walkafka.LogCursor.Isolation;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Write-ahead logs on one Kafka cluster: opens them for writing, opens readers of them, and knows their topics. One per process
 * and cluster. May be used from any thread.
 */
public final class KafkaWals implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaWals.class);

    /** Kafka's blocking calls: initializations, commits, fetches of openings. One each per log, so the queue is bounded by logs. */
    private static final int IO_THREADS = 64;

    private static final int LONGEST_END_S = 5;

    private static final Duration READER_FETCH = Duration.ofMillis(500);
    private static final Duration OPENING_FETCH = Duration.ofMillis(20);

    private final KafkaConnection connection;
    private final ExecutorService workers;
    private final ThreadPoolExecutor io;
    private final ScheduledExecutorService timers;
    private final Admin admin;
    private final KafkaTopics topics;
    private final Shared shared;
    private final KafkaReaders readers;
    private final Set<TermOpening> openings = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private KafkaWals(KafkaConnection connection, WalSettings settings, NodeIdentity node) {
        this.connection = connection;
        this.workers = Executors.newFixedThreadPool(
                Math.max(2, Runtime.getRuntime().availableProcessors()), threads("seawall-wal-"));
        this.io = new ThreadPoolExecutor(
                IO_THREADS, IO_THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads("seawall-wal-io-"));
        this.io.allowCoreThreadTimeOut(true);
        this.timers = Executors.newSingleThreadScheduledExecutor(threads("seawall-wal-timer-"));
        var time = new SystemTime(timers);
        var client = connection.prefix() + node.node();
        this.admin = Admin.create(ClientSettings.admin(connection, client + "-admin"));
        this.topics = new KafkaTopics(admin, connection, settings, time);
        LaneProducers producers = (pchannel, lane) -> new KafkaLaneProducer(
                ClientSettings.producer(connection, settings, client, pchannel, lane),
                connection.topicName(pchannel.topic()),
                pchannel,
                io);
        this.shared = new Shared(
                settings,
                node,
                producers,
                (pchannel, isolation) -> cursor(client, pchannel, isolation, OPENING_FETCH, io),
                topics,
                new Shared.Platform(time, new SecureRandom(), workers, io));
        this.readers = new KafkaReaders(
                (pchannel, isolation) -> cursor(client, pchannel, isolation, READER_FETCH, Runnable::run),
                topics,
                time);
    }

    /**
     * Connects. Blocks only as long as making clients takes: Kafka need not be there yet.
     *
     * @param connection how to reach Kafka
     * @param settings how logs are written
     * @param node who writes
     * @return the logs, to be closed by the caller after every log opened from it
     */
    public static KafkaWals connect(KafkaConnection connection, WalSettings settings, NodeIdentity node) {
        return new KafkaWals(connection, settings, node);
    }

    private KafkaLogCursor cursor(
            String client, PChannel pchannel, Isolation isolation, Duration longestFetch, Executor executor) {
        var name = client + "-" + pchannel + "-read";
        return new KafkaLogCursor(
                ClientSettings.consumer(connection, name, isolation, longestFetch),
                connection.topicName(pchannel.topic()),
                pchannel,
                executor);
    }

    /** Opens logs for writing. */
    public WalOpener opener() {
        return new Opener();
    }

    /** Opens readers. */
    public WalReaders readers() {
        return readers;
    }

    /** The topics. */
    public KafkaTopics topics() {
        return topics;
    }

    /**
     * Who holds a log, by its committed records. Blocks.
     *
     * @param pchannel the log
     * @return the highest term in the log and who wrote it; empty for a log that nobody opened
     */
    public Optional<Holder> holder(PChannel pchannel) {
        try (var cursor = shared.cursors().open(pchannel, Isolation.COMMITTED)) {
            var deadline = shared.time().deadline(shared.settings().timeouts().open());
            var scanner = new LogScanner(cursor, () -> deadline.isPast() ? late(pchannel) : null);
            return Futures.joined(new HolderSearch(cursor, scanner).find());
        }
    }

    private static RuntimeException late(PChannel pchannel) {
        return Problem.of(ErrorCode.UNAVAILABLE, "look who holds " + pchannel)
                .pchannel(pchannel)
                .found("no answer from Kafka in time")
                .exception();
    }

    /**
     * Who holds a log.
     *
     * @param term the highest term in the log
     * @param epoch its epoch
     * @param node the node that wrote its claim or snapshot, or null if none was near the end
     * @param url where that node answers, or null
     */
    public record Holder(
            long term,
            long epoch,
            @Nullable String node,
            @Nullable String url) {
        @Override
        public String toString() {
            return "term " + term + (node == null ? "" : " held by node " + node) + (url == null ? "" : " at " + url);
        }
    }

    private static ThreadFactory threads(String prefix) {
        var count = new AtomicInteger();
        return task -> {
            var thread = new Thread(task, prefix + count.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    public void close() {
        closed = true;
        endOpenings();
        readers.close();
        timers.shutdownNow();
        io.shutdownNow();
        workers.shutdown();
        admin.close(Duration.ofSeconds(1));
    }

    private void cancelOpenings() {
        List.copyOf(openings).forEach(TermOpening::cancel);
    }

    /** Openings need the pools and timers to come to their end, so these may only go afterwards. */
    private void endOpenings() {
        var ends = openings.stream().map(TermOpening::wal).toArray(CompletableFuture<?>[]::new);
        cancelOpenings();
        try {
            CompletableFuture.allOf(ends).get(LONGEST_END_S, TimeUnit.SECONDS);
        } catch (ExecutionException cancelled) {
            LOG.atDebug().setMessage("openings cancelled").log();
        } catch (TimeoutException late) {
            LOG.atWarn()
                    .setMessage("openings do not end")
                    .addKeyValue("count", openings.size())
                    .log();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Opener implements WalOpener {
        @Override
        public Opening open(PChannel pchannel, long term) {
            var opening = new TermOpening(pchannel, checked(pchannel, term), shared, connection.strictTopics());
            openings.add(opening);
            Futures.listen(opening.wal(), (wal, error) -> openings.remove(opening));
            if (closed) {
                opening.cancel();
            }
            opening.start();
            return opening;
        }

        private static long checked(PChannel pchannel, long term) {
            if (term < 0) {
                throw Problem.of(ErrorCode.INVALID, "open " + pchannel)
                        .pchannel(pchannel)
                        .found("term " + term)
                        .expected("a term of 0 or more")
                        .exception();
            }
            return term;
        }

        @Override
        public void close() {
            cancelOpenings();
        }
    }
}
