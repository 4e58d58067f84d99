package io.seawall.coordinator.kafka;

import io.seawall.coordinator.member.Group;
import io.seawall.wal.FutureErrors;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ClassicGroupDescription;
import org.apache.kafka.clients.admin.DescribeClassicGroupsOptions;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The group of the cluster's nodes (docs/coordinator.md#the-group). One thread has the consumer; it only polls. Thread-safe. */
final class KafkaGroup implements Group {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaGroup.class);
    private static final int ANSWER_MS = 2_000;
    private static final int REMOVAL_MS = 5_000;
    private static final Duration CLOSE = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final ClusterConnection connection;
    private final String node;
    private final String client;
    private final Duration session;
    private final Admin admin;
    private final LongSupplier clockMs;
    private final Pause pause = new Pause(Duration.ofMillis(200), LONGEST_PAUSE);
    private @Nullable Thread thread; // guarded by this
    private @Nullable KafkaConsumer<byte[], byte[]> polling; // guarded by this

    /**
     * Creates a group that is not joined yet.
     *
     * @param admin asks and removes; the caller closes it
     * @param clockMs milliseconds of a clock that never goes back
     */
    KafkaGroup(
            ClusterConnection connection,
            String node,
            String client,
            Duration session,
            Admin admin,
            LongSupplier clockMs) {
        this.connection = connection;
        this.node = node;
        this.client = client;
        this.session = session;
        this.admin = admin;
        this.clockMs = clockMs;
    }

    @Override
    public synchronized void join(Listener listener) {
        var started = new Thread(() -> run(listener), "seawall-group");
        thread = started;
        started.setDaemon(true);
        started.start();
    }

    private void run(Listener listener) {
        while (!pause.isEnded()) {
            try {
                takePart(listener);
            } catch (FencedInstanceIdException replaced) {
                LOG.atError()
                        .addKeyValue("node", node)
                        .log("another process has joined the cluster with this node's id. If it was not started to"
                                + " replace this one, give it another node.id; this process tries to join again");
            } catch (KafkaException | IllegalStateException error) {
                LOG.atWarn()
                        .addKeyValue("node", node)
                        .addKeyValue("group", connection.group())
                        .addKeyValue(
                                "error",
                                KafkaErrors.translated("take part in the group", error)
                                        .getMessage())
                        .log("lost the cluster's group; joins again");
            } catch (RuntimeException bug) {
                // Without this the thread would end, and the node would never be a member again.
                LOG.atError()
                        .setCause(bug)
                        .addKeyValue("node", node)
                        .addKeyValue("group", connection.group())
                        .log("taking part in the cluster's group failed; joins again");
            }
            pause.await();
        }
    }

    private void takePart(Listener listener) {
        var consumer = new KafkaConsumer<>(
                ClientSettings.member(connection, client + "-group", node, session),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        var partition = new TopicPartition(connection.metaTopic(), 0);
        var membership = new Membership(consumer, partition, listener, session, clockMs);
        set(consumer);
        var startedMs = clockMs.getAsLong();
        try {
            while (!pause.isEnded()) {
                membership.poll();
                // Not earlier: two processes with the same id would drive each other out without a pause.
                if (membership.isMember() && clockMs.getAsLong() - startedMs > LONGEST_PAUSE.toMillis()) {
                    pause.reset();
                }
            }
        } catch (WakeupException closing) {
            if (!pause.isEnded()) {
                throw closing;
            }
        } finally {
            set(null);
            if (pause.isEnded()) {
                membership.leave();
            } else {
                membership.abandon();
            }
        }
    }

    private synchronized void set(@Nullable KafkaConsumer<byte[], byte[]> consumer) {
        polling = consumer;
    }

    @Override
    public CompletableFuture<Set<String>> members() {
        var group = connection.group();
        var options = new DescribeClassicGroupsOptions().timeoutMs(ANSWER_MS);
        var answer = admin.describeClassicGroups(List.of(group), options).describedGroups();
        return Objects.requireNonNull(answer.get(group), group)
                .toCompletionStage()
                .toCompletableFuture()
                .handle((description, error) -> {
                    if (error != null) {
                        throw KafkaErrors.translated("ask for the members of " + group, error);
                    }
                    return names(description);
                });
    }

    private static Set<String> names(ClassicGroupDescription description) {
        var names = new TreeSet<String>();
        description.members().forEach(member -> member.groupInstanceId().ifPresent(names::add));
        return names;
    }

    @Override
    public CompletableFuture<Void> remove(String dead) {
        var member = new MemberToRemove(dead);
        var options = new RemoveMembersFromConsumerGroupOptions(Set.of(member));
        options.timeoutMs(REMOVAL_MS);
        return admin.removeMembersFromConsumerGroup(connection.group(), options)
                .memberResult(member)
                .toCompletionStage()
                .toCompletableFuture()
                .exceptionally(error -> {
                    if (isGone(error)) {
                        return null;
                    }
                    throw KafkaErrors.ofWrite("remove " + dead + " from " + connection.group(), error);
                });
    }

    private static boolean isGone(Throwable error) {
        var unwrapped = FutureErrors.unwrapped(error);
        return unwrapped instanceof UnknownMemberIdException || unwrapped instanceof GroupIdNotFoundException;
    }

    @Override
    public void close() {
        pause.end();
        Thread ending;
        synchronized (this) {
            ending = thread;
            if (polling != null) {
                polling.wakeup();
            }
        }
        Threads.join(ending, CLOSE);
    }
}
