package io.seawall.walkafka.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.walkafka.internal.client.SpareConsumers.Lent;
import io.seawall.walkafka.internal.fake.ManualTime;
import io.seawall.walkafka.port.LogCursor.Isolation;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class SpareConsumersTest {
    private static final TopicPartition FIRST = new TopicPartition("orders", 0);
    private static final TopicPartition SECOND = new TopicPartition("orders", 1);
    private static final Isolation LEVEL = Isolation.COMMITTED;

    private final ManualTime time = new ManualTime();
    private final List<MockConsumer<byte[], byte[]>> made = new ArrayList<>();
    private final SpareConsumers spares = new SpareConsumers(level -> make(), time, Runnable::run);

    private Consumer<byte[], byte[]> make() {
        var consumer = new MockConsumer<byte[], byte[]>("none");
        made.add(consumer);
        return consumer;
    }

    private Lent use(TopicPartition partition) {
        var lent = spares.take(partition, LEVEL);
        lent.consumer().assign(List.of(partition));
        return lent;
    }

    @Test
    void aConsumerServesAnotherPartitionAfterwards() {
        var lent = use(FIRST);
        lent.release(true);

        assertThat(lent.consumer().assignment())
                .as("what it fetched is dropped")
                .isEmpty();
        assertThat(spares.take(SECOND, LEVEL).consumer()).isSameAs(lent.consumer());
        assertThat(made).hasSize(1);
    }

    @Test
    void aConsumerInUseServesNobodyElse() {
        use(FIRST);
        use(SECOND);

        assertThat(made).hasSize(2);
    }

    @Test
    void aConsumerNeverServesAPartitionTwice() {
        use(FIRST).release(true);
        use(SECOND).release(true);

        use(FIRST);

        assertThat(made).hasSize(2);
    }

    @Test
    void theIsolationLevelsAreKeptApart() {
        use(FIRST).release(true);

        spares.take(SECOND, Isolation.UNCOMMITTED);

        assertThat(made).hasSize(2);
    }

    @Test
    void aConsumerWithAFailedCallIsClosed() {
        use(FIRST).release(false);

        assertThat(made.get(0).closed()).isTrue();
        use(SECOND);
        assertThat(made).hasSize(2);
    }

    @Test
    void aConsumerIsClosedIfNobodyTakesItForTwoSeconds() {
        use(FIRST).release(true);

        time.advance(SpareConsumers.LONGEST_SPARE.minusMillis(1).toMillis());
        assertThat(made.get(0).closed()).isFalse();
        time.advance(SpareConsumers.LONGEST_SPARE.toMillis());

        assertThat(made.get(0).closed()).isTrue();
        use(SECOND);
        assertThat(made).hasSize(2);
    }

    @Test
    void anOldConsumerIsNotUsedAlsoIfItsTimerIsLate() {
        var late = new SpareConsumers(level -> make(), time, task -> {}); // never closes it
        var lent = late.take(FIRST, LEVEL);
        lent.release(true);
        time.advance(SpareConsumers.LONGEST_SPARE.toMillis());

        assertThat(late.take(SECOND, LEVEL).consumer()).isNotSameAs(lent.consumer());
    }

    @Test
    void timeStartsAgainWithEachUse() {
        use(FIRST).release(true);
        time.advance(SpareConsumers.LONGEST_SPARE.dividedBy(2).toMillis());
        use(SECOND).release(true);
        time.advance(SpareConsumers.LONGEST_SPARE.dividedBy(2).plusMillis(1).toMillis());

        assertThat(made.get(0).closed()).isFalse();
    }

    @Test
    void keepsABoundedNumber() {
        var lent = IntStream.range(0, SpareConsumers.MOST_SPARE + 3)
                .mapToObj(partition -> use(new TopicPartition("orders", partition)))
                .toList();

        lent.forEach(each -> each.release(true));

        assertThat(made.stream().filter(consumer -> !consumer.closed())).hasSize(SpareConsumers.MOST_SPARE);
    }

    @Test
    void aConsumerServesABoundedNumberOfPartitions() {
        IntStream.range(0, SpareConsumers.MOST_USES)
                .forEach(partition ->
                        use(new TopicPartition("orders", partition)).release(true));

        assertThat(made).hasSize(1);
        assertThat(made.get(0).closed()).isTrue();
    }

    @Test
    void closingClosesWhatIsKeptAndWhatComesBack() {
        use(FIRST).release(true);
        var inUse = spares.take(FIRST, LEVEL);
        assertThat(made).hasSize(2);

        spares.close();
        assertThat(made.get(0).closed()).isTrue();
        assertThat(made.get(1).closed()).isFalse();
        inUse.release(true);

        assertThat(made.get(1).closed()).isTrue();
    }
}
