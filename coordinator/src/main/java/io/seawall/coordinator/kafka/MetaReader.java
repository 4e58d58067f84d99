package io.seawall.coordinator.kafka;

import io.seawall.coordinator.member.MetaTopic;
import io.seawall.coordinator.meta.MetaCodec;
import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.meta.News;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.WalException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the meta topic, in a thread of its own. When the position is gone, or the topic is another one, or this process had no
 * contact with Kafka for so long that marks of deleted keys may be gone, it reads the topic again from the first record, and hands
 * over in one piece all of it and the keys that are not in it any more. So the reader's state is that of the topic at each time.
 */
final class MetaReader {
    private static final Logger LOG = LoggerFactory.getLogger(MetaReader.class);
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration CLOSE = Duration.ofSeconds(2);
    private static final long BETWEEN_CHECKS_MS = 5_000;
    /** Far below the time for which marks of deleted keys are kept. */
    private static final long LONGEST_SILENCE_MS = Duration.ofDays(1).toMillis();

    private final TopicPartition partition;
    private final Lookup lookup;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final MetaTopic.Reader reader;
    private final Clocks clocks;
    private final Pause pause = new Pause(Duration.ofMillis(100), Duration.ofSeconds(5));

    // Used by the reading thread only.
    private final Set<MetaKey> known = new HashSet<>();
    private Optional<Uuid> topicId = Optional.empty();
    private long position;
    /** The leader epoch of the position, as far as it is known: with it a consumer finds out that the log was cut off before it. */
    private Optional<Integer> epoch = Optional.empty();

    private boolean current;
    /** What was read since the first record; empty while this process only follows. */
    private Optional<List<News>> again = Optional.empty();

    /** Read and not handed over yet. */
    private List<News> fresh = new ArrayList<>();

    private Optional<CompletableFuture<Uuid>> check = Optional.empty();
    private long checkedMs;
    private long heardMs;
    private long heardWallMs;

    private @Nullable Thread thread; // guarded by this
    private @Nullable Consumer<byte[], byte[]> polling; // guarded by this

    /** Looks the topic up. */
    interface Lookup {
        /** Creates the topic if it is not there, and returns its id; empty while it is not ready. Blocks. */
        Optional<Uuid> ensure();

        /** Asks for the topic's id. Does not block. */
        CompletableFuture<Uuid> id();
    }

    /**
     * The time.
     *
     * @param elapsedMs milliseconds of a clock that never goes back
     * @param wallMs milliseconds of the time of day. It measures a suspended machine, for which the other clock stands still
     */
    record Clocks(LongSupplier elapsedMs, LongSupplier wallMs) {}

    /**
     * Creates a reader that does not read yet.
     *
     * @param topic the name of the meta topic
     * @param lookup creates and checks the topic
     * @param consumers makes consumers without an assignment
     * @param reader receives the records
     */
    MetaReader(
            String topic,
            Lookup lookup,
            Supplier<Consumer<byte[], byte[]>> consumers,
            MetaTopic.Reader reader,
            Clocks clocks) {
        this.partition = new TopicPartition(topic, 0);
        this.lookup = lookup;
        this.consumers = consumers;
        this.reader = reader;
        this.clocks = clocks;
    }

    synchronized void start() {
        var started = new Thread(this::run, "seawall-meta-reader");
        thread = started;
        started.setDaemon(true);
        started.start();
    }

    private void run() {
        while (!pause.isEnded()) {
            attempt();
            pause.await();
        }
    }

    /** Reads until there is an error, or the topic is another one. Whatever happens, the thread goes on: without it the node is deaf. */
    void attempt() {
        try {
            var ready = lookup.ensure();
            if (ready.isPresent()) {
                prepare(ready.get());
                read();
            }
        } catch (OffsetOutOfRangeException gone) {
            LOG.atError()
                    .addKeyValue("topic", partition.topic())
                    .addKeyValue("offset", position)
                    .log("the position in the meta topic is gone: records were lost or deleted; reads it again");
            readAgain();
        } catch (KafkaException | WalException | IllegalStateException error) {
            if (!pause.isEnded()) {
                LOG.atWarn()
                        .addKeyValue("topic", partition.topic())
                        .addKeyValue(
                                "error", KafkaErrors.translated("read", error).getMessage())
                        .log("cannot read the meta topic; tries again");
            }
        } catch (RuntimeException bug) {
            LOG.atError()
                    .setCause(bug)
                    .addKeyValue("topic", partition.topic())
                    .addKeyValue("offset", position)
                    .log("reading the meta topic failed; reads it again");
            readAgain(); // what was handed over before the failure is not known
        }
    }

    /** Compares the topic with the one that was read so far. */
    private void prepare(Uuid found) {
        if (topicId.isPresent() && !topicId.get().equals(found)) {
            LOG.atError()
                    .addKeyValue("topic", partition.topic())
                    .log(
                            "the meta topic was deleted and created again: the cluster's decisions are lost. Nodes announce"
                                    + " themselves again, topics come from Kafka's list, and terms follow from the logs");
            readAgain();
        } else if (topicId.isPresent() && wasDeaf()) {
            readAgain();
        }
        topicId = Optional.of(found);
        hear();
        checkedMs = heardMs;
    }

    private void hear() {
        heardMs = clocks.elapsedMs().getAsLong();
        heardWallMs = clocks.wallMs().getAsLong();
    }

    /** Returns whether marks of deleted keys may be gone that this process has not read. */
    private boolean wasDeaf() {
        return clocks.elapsedMs().getAsLong() - heardMs > LONGEST_SILENCE_MS
                || clocks.wallMs().getAsLong() - heardWallMs > LONGEST_SILENCE_MS;
    }

    private void readAgain() {
        position = 0;
        epoch = Optional.empty();
        fresh = new ArrayList<>();
        again = Optional.of(new ArrayList<>());
    }

    private void read() {
        var consumer = consumers.get();
        set(consumer);
        try {
            consumer.assign(List.of(partition));
            begin(consumer);
            var end = end(consumer);
            while (!pause.isEnded() && isSameTopic()) {
                var records = consumer.poll(POLL);
                take(records);
                position = consumer.position(partition);
                pause.reset();
                if (records.isEmpty() && position < end) {
                    // What was before the end may have been lost with a leader. Then this process would wait for it for
                    // ever.
                    end = Math.min(end, end(consumer));
                }
                deliver(position >= end);
            }
        } catch (WakeupException closing) {
            if (!pause.isEnded()) {
                throw closing;
            }
        } finally {
            set(null);
            consumer.close(CloseOptions.timeout(CLOSE));
        }
    }

    /** Records before the first one were deleted, which no one but an operator does: what is left is the topic. */
    private void begin(Consumer<byte[], byte[]> consumer) {
        if (position == 0) {
            consumer.seekToBeginning(List.of(partition));
        } else {
            consumer.seek(partition, new OffsetAndMetadata(position, epoch, ""));
        }
    }

    private long end(Consumer<byte[], byte[]> consumer) {
        return consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
    }

    private synchronized void set(@Nullable Consumer<byte[], byte[]> consumer) {
        polling = consumer;
        if (consumer != null && pause.isEnded()) {
            consumer.wakeup();
        }
    }

    /** A consumer goes on at its offset if the topic is made again, so the topic's id is asked for every few seconds. */
    private boolean isSameTopic() {
        if (wasDeaf()) {
            return false;
        }
        var now = clocks.elapsedMs().getAsLong();
        if (check.isEmpty() && now - checkedMs >= BETWEEN_CHECKS_MS) {
            checkedMs = now;
            check = Optional.of(lookup.id());
        }
        if (check.filter(CompletableFuture::isDone).isEmpty()) {
            return true;
        }
        var asked = check.get();
        check = Optional.empty();
        if (asked.isCompletedExceptionally()) {
            // A consumer waits for a topic that is gone without an error. Other errors mean that Kafka is away.
            return !(FutureErrors.unwrapped(errorOf(asked)) instanceof UnknownTopicOrPartitionException);
        }
        hear();
        return topicId.equals(Optional.ofNullable(asked.getNow(null)));
    }

    private static Throwable errorOf(CompletableFuture<?> failed) {
        return failed.handle((value, error) -> error).join();
    }

    private void take(ConsumerRecords<byte[], byte[]> records) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (record.key() != null) {
                MetaCodec.read(record.key(), record.value()).ifPresent(fresh::add);
            }
        }
        // Not that of the last record: marks of transactions behind it may be of a later leader.
        var next = records.nextOffsets().get(partition);
        if (next != null) {
            epoch = next.leaderEpoch();
        }
    }

    private void deliver(boolean atEnd) {
        var news = fresh;
        fresh = new ArrayList<>();
        if (again.isPresent()) {
            again.get().addAll(news);
            if (!atEnd) {
                return;
            }
            news = whole(again.get());
            again = Optional.empty();
        }
        for (var each : news) {
            if (each instanceof News.Removed) {
                known.remove(each.key());
            } else {
                known.add(each.key());
            }
        }
        if (!news.isEmpty() || (atEnd && !current)) {
            current |= atEnd;
            reader.onNews(news, current);
        }
    }

    /** Returns what was read, after the removal of all keys that were known and are not in it. */
    private List<News> whole(List<News> read) {
        var gone = new HashSet<>(known);
        read.forEach(each -> gone.remove(each.key()));
        var all = new ArrayList<News>();
        gone.stream().sorted().map(News.Removed::new).forEach(all::add);
        all.addAll(read);
        return all;
    }

    /** Ends the thread. */
    void close() {
        pause.end();
        Thread ending;
        synchronized (this) {
            ending = thread;
            if (polling != null) {
                polling.wakeup();
            }
        }
        Threads.join(ending, CLOSE.plus(CLOSE));
    }
}
