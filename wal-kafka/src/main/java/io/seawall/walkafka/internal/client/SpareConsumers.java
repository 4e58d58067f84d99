package io.seawall.walkafka.internal.client;

import io.seawall.walkafka.port.LogCursor.Isolation;
import io.seawall.walkafka.port.Time;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the consumers of openings that are over for a moment, for the next openings. A node that starts, or that takes over from
 * another, opens many logs one after the other, and making two consumers and connecting them is a sixth of what an opening costs.
 *
 * <p>A consumer is kept for {@link #LONGEST_SPARE} only. A connection that was used a moment ago leads to a broker that lives; one
 * to a host that has vanished since would cost a request timeout, where a new consumer asks the other brokers. A consumer never
 * serves the same partition twice, so that no answer to an earlier opening can be taken for one to a later opening. Thread-safe.
 */
final class SpareConsumers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SpareConsumers.class);

    /** How long a consumer is kept. */
    static final Duration LONGEST_SPARE = Duration.ofSeconds(2);
    /** How many consumers of both isolation levels are kept. */
    static final int MOST_SPARE = 32;
    /** How many partitions a consumer serves at most: it remembers each of them. */
    static final int MOST_USES = 100;

    private final Function<Isolation, Consumer<byte[], byte[]>> maker;
    private final Time time;
    private final Executor io;
    private final Deque<Spare> spares = new ArrayDeque<>(); // guarded by this; the one that was used last is the first
    private boolean closed; // guarded by this

    /**
     * Creates an empty store.
     *
     * @param maker creates a consumer
     * @param time ends the time of consumers
     * @param io closes consumers
     */
    SpareConsumers(Function<Isolation, Consumer<byte[], byte[]>> maker, Time time, Executor io) {
        this.maker = maker;
        this.time = time;
        this.io = io;
    }

    /** A consumer that is not in use, the partitions that it served, and since when it is not in use. */
    private record Spare(Used used, long sinceMs) {}

    /** A consumer and the partitions that it served. In use by one cursor at a time. */
    private static final class Used {
        private final Consumer<byte[], byte[]> consumer;
        private final Isolation isolation;
        private final Set<TopicPartition> served = new HashSet<>();

        Used(Consumer<byte[], byte[]> consumer, Isolation isolation) {
            this.consumer = consumer;
            this.isolation = isolation;
        }

        boolean canServe(TopicPartition partition, Isolation level) {
            return isolation == level && !served.contains(partition);
        }
    }

    /** A consumer in use. */
    final class Lent implements KafkaLogCursor.Source {
        private final Used used;

        private Lent(Used used) {
            this.used = used;
        }

        @Override
        public Consumer<byte[], byte[]> consumer() {
            return used.consumer;
        }

        @Override
        public void release(boolean works) {
            if (!works || used.served.size() >= MOST_USES || !keep(used)) {
                close(used.consumer);
            }
        }
    }

    /**
     * Returns a consumer that is assigned to nothing and has never been assigned to this partition; makes one if there is none.
     *
     * @throws RuntimeException if Kafka refuses the consumer's settings
     */
    Lent take(TopicPartition partition, Isolation isolation) {
        var used = find(partition, isolation);
        var taken = used == null ? new Used(maker.apply(isolation), isolation) : used;
        taken.served.add(partition);
        return new Lent(taken);
    }

    private synchronized @Nullable Used find(TopicPartition partition, Isolation isolation) {
        var now = time.elapsedMs();
        for (var each = spares.iterator(); each.hasNext(); ) {
            var spare = each.next();
            if (!isOld(spare, now) && spare.used().canServe(partition, isolation)) {
                each.remove();
                return spare.used();
            }
        }
        return null;
    }

    private static boolean isOld(Spare spare, long nowMs) {
        return nowMs - spare.sinceMs() >= LONGEST_SPARE.toMillis();
    }

    /** Keeps a consumer; returns false if there is no room or the store is closed. */
    private boolean keep(Used used) {
        used.consumer.unsubscribe(); // drops what it fetched
        synchronized (this) {
            if (closed || spares.size() >= MOST_SPARE) {
                return false;
            }
            spares.addFirst(new Spare(used, time.elapsedMs()));
        }
        time.after(LONGEST_SPARE.toMillis(), this::closeOldLater);
        return true;
    }

    private void closeOldLater() {
        try {
            io.execute(this::closeOld);
        } catch (RejectedExecutionException closing) {
            closeOld(); // the process ends, and this thread may as well
        }
    }

    private void closeOld() {
        var old = new ArrayList<Consumer<byte[], byte[]>>();
        synchronized (this) {
            var now = time.elapsedMs();
            while (!spares.isEmpty() && isOld(Objects.requireNonNull(spares.peekLast()), now)) {
                old.add(spares.removeLast().used().consumer);
            }
        }
        old.forEach(SpareConsumers::close);
    }

    /** Closes a consumer without waiting; a failure is logged. */
    static void close(Consumer<byte[], byte[]> consumer) {
        try {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        } catch (RuntimeException error) {
            LOG.atWarn()
                    .setMessage("a consumer did not close cleanly")
                    .addKeyValue("error", String.valueOf(error.getMessage()))
                    .log();
        }
    }

    /** Closes the consumers that are not in use; those in use are closed when they are released. */
    @Override
    public void close() {
        List<Spare> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(spares);
            spares.clear();
        }
        all.forEach(spare -> close(spare.used().consumer));
    }
}
