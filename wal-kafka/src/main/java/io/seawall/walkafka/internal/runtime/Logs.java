package io.seawall.walkafka.internal.runtime;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.Opening;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalOpener;
import io.seawall.wal.WalReaders;
import io.seawall.wal.WalRestorer;
import io.seawall.walkafka.admin.LogHolder;
import io.seawall.walkafka.admin.ReaderStats;
import io.seawall.walkafka.internal.open.OpeningQueue;
import io.seawall.walkafka.internal.open.Restorer;
import io.seawall.walkafka.internal.open.TermOpening;
import io.seawall.walkafka.internal.open.WalContext;
import io.seawall.walkafka.internal.read.KafkaReaders;
import io.seawall.walkafka.internal.scan.HolderSearch;
import io.seawall.walkafka.internal.scan.LogScanner;
import io.seawall.walkafka.internal.scan.ScanDeadline;
import io.seawall.walkafka.internal.serial.Futures;
import io.seawall.walkafka.internal.write.KafkaWal;
import io.seawall.walkafka.port.LogCursor.Isolation;
import io.seawall.walkafka.port.Ports;
import io.seawall.walkafka.settings.NodeIdentity;
import io.seawall.walkafka.settings.WalSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Write-ahead logs on ports, which Kafka or a simulation of it implements. Thread-safe. */
public final class Logs implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Logs.class);

    private static final int LONGEST_END_S = 5;

    /** Enough openings to keep Kafka busy, and so few that each ends well before its deadline on a small machine. */
    private static final int OPENINGS_AT_ONCE = 32;

    private final WalContext shared;
    private final KafkaReaders readers;
    private final OpeningQueue queue;
    private final Restorer restorer;
    private final Set<TermOpening> openings = ConcurrentHashMap.newKeySet();
    private volatile boolean closed; // written by close, read by openings

    private Logs(WalContext shared) {
        this.shared = shared;
        this.readers = new KafkaReaders(
                shared.ports().readerCursors(), shared.topics(), shared.time(), shared.indexes(), shared.owners());
        this.queue = new OpeningQueue(OPENINGS_AT_ONCE, shared.io());
        this.restorer = new Restorer(shared);
    }

    /**
     * Returns logs on ports.
     *
     * @param ports the access to Kafka, time and threads; the caller closes it
     * @param settings how logs are written
     * @param node the identity of this process
     * @param strictTopics whether a topic with unsafe settings is refused; a warning otherwise
     * @return the logs, to be closed by the caller after every log opened from it
     */
    public static Logs on(Ports ports, WalSettings settings, NodeIdentity node, boolean strictTopics) {
        return new Logs(new WalContext(settings, node, strictTopics, ports));
    }

    /** Returns the opener of logs for writing. */
    public WalOpener opener() {
        return new Opener();
    }

    /** Returns the readers. */
    public WalReaders readers() {
        return readers;
    }

    /** Returns the restorer, which writes logs again from their records. */
    public WalRestorer restorer() {
        return restorer;
    }

    /** Returns how often the flush position of a log could not be committed as an offset of the flusher's group. */
    public long flushOffsetFailures() {
        return shared.flushOffsetCounts().failures();
    }

    /** Returns how far the timestamps of a log are ahead of the clock; zero if they are not. */
    public Duration timestampLead(PChannel pchannel) {
        return shared.leads().lead(pchannel, shared.time());
    }

    /** Finds the oldest record of a log that starts at an offset, unless an earlier search found it. Blocks. */
    public void findOldest(PChannel pchannel, long start) {
        readers.findOldest(pchannel, start);
    }

    /** Returns counts of the readers and of the records that they skipped. */
    public ReaderStats readerStats() {
        return readers.stats();
    }

    /**
     * Finds who holds a log, by its committed records. Blocks.
     *
     * @param pchannel the log
     * @return the highest term in the log and who wrote it; empty for a log that was never opened
     */
    public Optional<LogHolder> holder(PChannel pchannel) {
        try (var cursor = shared.cursors().open(pchannel, Isolation.COMMITTED)) {
            var longest = shared.settings().timeouts().open();
            var deadline = new ScanDeadline(pchannel, "find the holder of " + pchannel, longest, shared.time());
            var scanner = new LogScanner(cursor, deadline);
            return Futures.joined(new HolderSearch(cursor, scanner).find());
        }
    }

    @Override
    public void close() {
        closed = true;
        restorer.close();
        endOpenings();
        readers.close();
    }

    private void cancelOpenings() {
        List.copyOf(openings).forEach(TermOpening::cancel);
    }

    /** Cancels the openings and waits for their ends. They need the pools and timers, which are closed afterwards. */
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
            var opening = new TermOpening(
                    pchannel,
                    checked(pchannel, term),
                    shared,
                    (opened, claimant) -> new KafkaWal(opened, shared, claimant));
            openings.add(opening);
            Futures.listen(opening.wal(), (wal, error) -> openings.remove(opening));
            if (closed) {
                opening.cancel();
            }
            queue.add(opening);
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
