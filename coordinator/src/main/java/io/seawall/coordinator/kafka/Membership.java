package io.seawall.coordinator.kafka;

import io.seawall.coordinator.member.Group;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;

/**
 * One consumer's membership in the group, from its first join on. It also watches whether the group answers: a consumer that
 * hears nothing keeps its partition, although the group has given it to another one by then. Not thread-safe; the consumer calls
 * back from {@link #poll}.
 */
final class Membership implements ConsumerRebalanceListener {
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration CLOSE = Duration.ofSeconds(3);
    private static final String HEARTBEATS = "heartbeat-total";

    private final Consumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private final Group.Listener listener;
    private final long sessionMs;
    private final LongSupplier clockMs;
    private String memberId = "";
    private boolean holds;
    private boolean silent;
    /** Whether the group has answered since the silence began; without a meaning while it is not silent. */
    private boolean answered;

    private double heartbeats;
    private long heardMs;

    Membership(
            Consumer<byte[], byte[]> consumer,
            TopicPartition partition,
            Group.Listener listener,
            Duration session,
            LongSupplier clockMs) {
        this.consumer = consumer;
        this.partition = partition;
        this.listener = listener;
        this.sessionMs = session.toMillis();
        this.clockMs = clockMs;
        consumer.subscribe(List.of(partition.topic()), this);
    }

    /** Takes part in the group for a moment. */
    void poll() {
        consumer.poll(POLL);
        listen();
    }

    boolean isMember() {
        return !memberId.isEmpty();
    }

    /**
     * Every answer to a heartbeat is a sign of the group, also one that asks to join again. After a silence the answer may be that
     * the group does not know this member any more: the consumer tells that in its next poll. So a member is back only if that
     * poll has told nothing; else a node that was cut off would take the coordinator's transactional id for a moment.
     */
    private void listen() {
        var now = clockMs.getAsLong();
        if (silent && answered) {
            silent = false;
            report();
        }
        var count = consumer.metrics().entrySet().stream()
                .filter(entry -> entry.getKey().name().equals(HEARTBEATS))
                .mapToDouble(entry -> ((Number) entry.getValue().metricValue()).doubleValue())
                .sum();
        if (count != heartbeats) {
            heartbeats = count;
            heardMs = now;
            answered = true;
        } else if (isMember() && !silent && now - heardMs >= sessionMs) {
            silent = true;
            answered = false;
            withdraw();
        }
    }

    private void report() {
        if (isMember()) {
            listener.onJoined(memberId);
        }
        if (holds) {
            listener.onElected();
        }
    }

    private void withdraw() {
        if (holds) {
            listener.onDeposed();
        }
        if (isMember()) {
            listener.onLost();
        }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> added) {
        heardMs = clockMs.getAsLong();
        // A rebalance may end in a silence, as the consumer sends no heartbeats while it lasts. The consumer does
        // not say then that the member is the same one, or that the holder of the partition keeps it.
        var back = silent;
        silent = false;
        var joined = consumer.groupMetadata().memberId();
        if (back || !joined.equals(memberId)) {
            memberId = joined;
            listener.onJoined(joined);
        }
        if (added.contains(partition)) {
            // The partition is a token: nothing is read here, and no position is looked up.
            consumer.seek(partition, 0);
            consumer.pause(List.of(partition));
            holds = true;
            listener.onElected();
        } else if (back && holds) {
            listener.onElected();
        }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> removed) {
        if (removed.contains(partition)) {
            holds = false;
            listener.onDeposed();
        }
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> removed) {
        onPartitionsRevoked(removed);
        end();
    }

    /** The group does not have this member any more, or cannot be expected to. */
    private void end() {
        if (!silent) {
            withdraw();
        }
        holds = false;
        memberId = "";
    }

    /** Leaves the group. */
    void leave() {
        close(GroupMembershipOperation.LEAVE_GROUP);
    }

    /** Gives the consumer up; another one joins as the same member. */
    void abandon() {
        close(GroupMembershipOperation.REMAIN_IN_GROUP);
    }

    private void close(GroupMembershipOperation operation) {
        end();
        consumer.close(CloseOptions.groupMembershipOperation(operation).withTimeout(CLOSE));
    }
}
