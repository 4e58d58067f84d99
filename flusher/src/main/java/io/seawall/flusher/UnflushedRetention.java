package io.seawall.flusher;

import io.seawall.flusher.FlusherSettings.Retention;
import io.seawall.wal.FlushableWal;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import io.seawall.wal.WalReaders;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A retention for logs without a flusher: permanently deletes records that exceed an age or a size from Kafka. Only for users
 * who explicitly asked for that. Bytes are estimated from samples, ages are exact to a sample; records of unknown age or size are
 * kept. All methods are thread-safe and do not block.
 */
public final class UnflushedRetention implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(UnflushedRetention.class);
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(30);

    private final WalReaders readers;
    private final Retention keep;
    private final InstantSource clock;
    private final Runnable stopThreads;
    private final ConcurrentHashMap<PChannel, UnflushedTrims> logs = new ConcurrentHashMap<>();

    /**
     * Starts a thread that checks every registered log twice a minute.
     *
     * @param readers for samples; the caller closes them
     * @param keep what to keep
     * @param clock for ages
     */
    public UnflushedRetention(WalReaders readers, Retention keep, InstantSource clock) {
        this(readers, keep, clock, new FlusherThreads(1));
    }

    private UnflushedRetention(WalReaders readers, Retention keep, InstantSource clock, FlusherThreads threads) {
        this(readers, keep, clock, threads::stop);
        threads.every(CHECK_INTERVAL, this::enforce);
    }

    /** Creates a retention whose caller runs the checks. */
    UnflushedRetention(WalReaders readers, Retention keep, InstantSource clock, Runnable stopThreads) {
        this.readers = readers;
        this.keep = keep;
        this.clock = clock;
        this.stopThreads = stopThreads;
    }

    /**
     * Starts to trim a log.
     *
     * @param wal the log, until {@link #unregister}
     */
    public void register(FlushableWal wal) {
        logs.put(wal.pchannel(), new UnflushedTrims(wal, readers, keep));
    }

    /**
     * Stops trimming a log; a trim in progress may still complete.
     *
     * @param wal the log; one that is not registered is not an error
     */
    public void unregister(FlushableWal wal) {
        logs.computeIfPresent(wal.pchannel(), (pchannel, trims) -> trims.isOf(wal) ? null : trims);
    }

    /** Checks every log; blocks. */
    void enforce() {
        logs.forEach((pchannel, trims) -> {
            try {
                trims.trimExpired(clock.millis());
            } catch (WalException e) {
                trims.forget();
                LOG.atWarn()
                        .addKeyValue("pchannel", pchannel)
                        .addKeyValue("error", e.code())
                        .setCause(e)
                        .log("the log is not trimmed; it will be retried");
            }
        });
    }

    @Override
    public void close() {
        logs.clear();
        stopThreads.run();
    }
}
