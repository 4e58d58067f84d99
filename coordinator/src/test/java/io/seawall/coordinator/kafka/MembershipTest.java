package io.seawall.coordinator.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.coordinator.member.Group;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class MembershipTest {
    private static final TopicPartition PARTITION = new TopicPartition("meta", 0);
    private static final Duration SESSION = Duration.ofSeconds(6);

    private final List<String> events = new ArrayList<>();
    private final Heartbeats consumer = new Heartbeats();
    private long nowMs;
    private final Membership membership =
            new Membership(consumer, PARTITION, new Recorded(events), SESSION, () -> nowMs);

    /** Kafka's fake consumer, with the count of heartbeats that the real one shows. */
    private static final class Heartbeats extends MockConsumer<byte[], byte[]> {
        private double count;

        private Heartbeats() {
            super("latest");
        }

        @Override
        public synchronized Map<MetricName, ? extends Metric> metrics() {
            var name = new MetricName("heartbeat-total", "consumer-coordinator-metrics", "", Map.of());
            return Map.of(name, new Metric() {
                @Override
                public MetricName metricName() {
                    return name;
                }

                @Override
                public Object metricValue() {
                    return count;
                }
            });
        }
    }

    private record Recorded(List<String> events) implements Group.Listener {
        @Override
        public void onJoined(String memberId) {
            events.add("joined");
        }

        @Override
        public void onLost() {
            events.add("lost");
        }

        @Override
        public void onElected() {
            events.add("elected");
        }

        @Override
        public void onDeposed() {
            events.add("deposed");
        }
    }

    private List<String> news() {
        var news = List.copyOf(events);
        events.clear();
        return news;
    }

    private void heartbeat() {
        consumer.count++;
        membership.poll();
    }

    private void pass(Duration time) {
        nowMs += time.toMillis();
        membership.poll();
    }

    @Test
    void aMemberThatIsGivenThePartitionIsElected() {
        consumer.rebalance(List.of(PARTITION));
        membership.poll();

        assertThat(news()).containsExactly("joined", "elected");
        assertThat(membership.isMember()).isTrue();
        assertThat(consumer.paused()).containsExactly(PARTITION);
    }

    @Test
    void aMemberThatIsGivenNothingHasOnlyJoined() {
        consumer.rebalance(List.of());
        membership.poll();

        assertThat(news()).containsExactly("joined");
    }

    @Test
    void aMemberWhosePartitionIsRevokedIsDeposedAndStillAMember() {
        consumer.rebalance(List.of(PARTITION));
        membership.poll();
        news();
        consumer.rebalance(List.of());
        membership.poll();

        assertThat(news()).containsExactly("deposed");
        assertThat(membership.isMember()).isTrue();
    }

    @Test
    void aMemberThatLosesThePartitionIsNoMember() {
        consumer.rebalance(List.of(PARTITION));
        membership.poll();
        news();
        membership.onPartitionsLost(List.of(PARTITION));

        assertThat(news()).containsExactly("deposed", "lost");
        assertThat(membership.isMember()).isFalse();
    }

    @Test
    void aMemberThatHearsNothingForASessionIsDeposedUntilItHearsAgain() {
        consumer.rebalance(List.of(PARTITION));
        membership.poll();
        news();
        for (var each = 0; each < 100; each++) {
            pass(Duration.ofMillis(300));
            heartbeat();
        }
        assertThat(news()).isEmpty();

        pass(Duration.ofMillis(5_900));
        assertThat(news()).isEmpty();
        pass(Duration.ofMillis(100));
        assertThat(news()).containsExactly("deposed", "lost");
        pass(Duration.ofMinutes(1));
        assertThat(news()).isEmpty();

        heartbeat();
        membership.poll();
        assertThat(news()).containsExactly("joined", "elected");
    }

    /** Kafka's client sends no heartbeats while a rebalance waits for a member that hangs (kafka #8834, platformatic/kafka #374). */
    @Test
    void aRebalanceThatEndsInASilenceGivesTheMembershipAndTheKeptPartitionBack() {
        consumer.rebalance(List.of(PARTITION));
        membership.poll();
        pass(SESSION);
        assertThat(news()).containsSubsequence("deposed", "lost");

        // Nothing is new to a consumer that stays the same member and keeps its partition.
        membership.onPartitionsAssigned(List.of());
        membership.poll();

        assertThat(news()).containsExactly("joined", "elected");
        heartbeat();
        pass(Duration.ofMillis(100));
        assertThat(news()).isEmpty();
    }

    @Test
    void aRebalanceThatTakesThePartitionInASilenceGivesTheMembershipBackOnly() {
        consumer.rebalance(List.of(PARTITION));
        membership.poll();
        pass(SESSION);
        news();

        membership.onPartitionsRevoked(List.of(PARTITION));
        membership.onPartitionsAssigned(List.of());

        assertThat(news()).containsExactly("deposed", "joined");
    }

    @Test
    void anAnswerAfterASilenceThatEndsTheMembershipElectsNobody() {
        consumer.rebalance(List.of(PARTITION));
        membership.poll();
        pass(SESSION);
        news();

        // The group has dropped the member, and the consumer tells that at its next poll.
        heartbeat();
        consumer.schedulePollTask(() -> membership.onPartitionsLost(List.of(PARTITION)));
        membership.poll();
        membership.poll();

        assertThat(events).doesNotContain("joined", "elected");
        assertThat(membership.isMember()).isFalse();
    }

    @Test
    void aSilentMemberThatLosesThePartitionIsNotDeposedTwice() {
        consumer.rebalance(List.of(PARTITION));
        membership.poll();
        pass(SESSION);
        news();
        membership.onPartitionsLost(List.of(PARTITION));
        assertThat(events).doesNotContain("lost");
        news();

        heartbeat();
        membership.poll();
        assertThat(news()).isEmpty();
    }

    @Test
    void leavingDeposesAndClosesTheConsumer() {
        consumer.rebalance(List.of(PARTITION));
        membership.poll();
        news();
        membership.leave();

        assertThat(news()).containsExactly("deposed", "lost");
        assertThat(consumer.closed()).isTrue();
    }
}
