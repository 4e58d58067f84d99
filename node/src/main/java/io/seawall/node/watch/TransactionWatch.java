package io.seawall.node.watch;

import io.seawall.node.metrics.NodeMetrics;
import io.seawall.node.ports.PChannelStatus.Transaction;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.PChannel;
import io.seawall.walkafka.admin.ForeignTransaction;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds transactions of other programs that hold up the committed view of this node's logs: until such a transaction ends, records
 * behind it are not read there, not flushed and so not trimmed. One thread calls {@link #check}, which does not block; any thread
 * may ask for what was found.
 */
public final class TransactionWatch {
    private static final Logger LOG = LoggerFactory.getLogger(TransactionWatch.class);

    private final Supplier<List<PChannel>> own;
    private final Function<Collection<PChannel>, CompletableFuture<Map<PChannel, ForeignTransaction>>> ask;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final List<Consumer<Check>> listeners = new ArrayList<>(); // added before the first check
    private CompletableFuture<?> asking = CompletableFuture.completedFuture(null); // used by check's thread only
    private final AtomicLong begun = new AtomicLong(); // checks
    private volatile Map<PChannel, Found> last =
            Map.of(); // written when an answer comes, one at a time; read by anyone

    /**
     * A transaction that holds up a log.
     *
     * @param foreign the transaction
     * @param shown the transaction as the status shows it
     * @param sinceNanos when it was found, by the monotonic clock
     */
    public record Found(ForeignTransaction foreign, Transaction shown, long sinceNanos) {}

    /**
     * A check that was answered.
     *
     * @param number the number of the check, from 1
     * @param found the transactions, by the logs that they hold up
     */
    public record Check(long number, Map<PChannel, Found> found) {}

    /**
     * Creates a watch.
     *
     * @param own the logs to check
     * @param ask finds the transaction that holds up each log, and leaves out logs that nothing holds up
     * @param clock gives the time that the status shows
     * @param nanoTime a monotonic clock in nanoseconds, for durations
     */
    public TransactionWatch(
            Supplier<List<PChannel>> own,
            Function<Collection<PChannel>, CompletableFuture<Map<PChannel, ForeignTransaction>>> ask,
            InstantSource clock,
            LongSupplier nanoTime) {
        this.own = own;
        this.ask = ask;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /**
     * Adds a listener that is called for each check that was answered, on the thread that brought the answer. To be called before the
     * first check.
     */
    public void onCheck(Consumer<Check> listener) {
        listeners.add(listener);
    }

    /** Returns the number of the last check that was begun. */
    public long begun() {
        return begun.get();
    }

    /** Registers a gauge of how long each log has been held up. */
    public void bind(NodeMetrics metrics) {
        metrics.gaugeOfEach(
                "seawall.log.transaction",
                "for how long another program's open transaction has held up the committed view",
                "seconds",
                () -> last.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey,
                                held -> Duration.ofNanos(nanoTime.getAsLong()
                                                - held.getValue().sinceNanos())
                                        .toSeconds())));
    }

    /** Returns the transaction that holds up a log; empty if none does or that is not known. */
    public Optional<Transaction> holdsUp(PChannel pchannel) {
        return Optional.ofNullable(last.get(pchannel)).map(Found::shown);
    }

    /** Asks Kafka, unless the last check is not answered yet. */
    public void check() {
        if (!asking.isDone()) {
            return;
        }
        var number = begun.incrementAndGet();
        asking = ask.apply(own.get()).handle((answer, failure) -> {
            if (failure == null) {
                take(new Check(number, found(answer)));
            } else {
                LOG.atDebug().addKeyValue("error", FutureErrors.text(failure)).log("open transactions are not known");
            }
            return true;
        });
    }

    private Map<PChannel, Found> found(Map<PChannel, ForeignTransaction> answer) {
        var all = new HashMap<PChannel, Found>();
        answer.forEach((pchannel, foreign) -> {
            var before = last.get(pchannel);
            all.put(
                    pchannel,
                    before != null && before.foreign().equals(foreign)
                            ? before
                            : new Found(
                                    foreign,
                                    new Transaction(
                                            foreign.transactionalId(),
                                            foreign.producerId(),
                                            foreign.offset(),
                                            clock.instant()),
                                    nanoTime.getAsLong()));
        });
        return Map.copyOf(all);
    }

    private void take(Check check) {
        var before = last;
        last = check.found();
        check.found().forEach((pchannel, found) -> {
            if (!before.containsKey(pchannel)) {
                LOG.atWarn()
                        .addKeyValue("pchannel", pchannel)
                        .addKeyValue("transaction", found.foreign())
                        .log("another program's transaction holds up the committed view; nothing behind it is flushed");
            }
        });
        before.keySet().stream()
                .filter(pchannel -> !check.found().containsKey(pchannel))
                .forEach(pchannel -> LOG.atInfo()
                        .addKeyValue("pchannel", pchannel)
                        .log("no transaction of another program holds up the committed view any more"));
        listeners.forEach(listener -> listener.accept(check));
    }
}
