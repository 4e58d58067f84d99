package io.seawall.walkafka.internal.open;

import static io.seawall.walkafka.internal.fake.ThrownErrors.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.walkafka.internal.fake.FakeKafka;
import io.seawall.walkafka.port.TopicAdmin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Tests how many openings run at once. Each opening first requests its topic, and the test decides when to answer. */
class OpeningQueueTest {
    private final List<CompletableFuture<TopicAdmin.Facts>> asked = new ArrayList<>();
    private final FakeKafka kafka = new FakeKafka().withTopics(topic -> {
        var answer = new CompletableFuture<TopicAdmin.Facts>();
        asked.add(answer);
        return answer;
    });
    private final WalContext shared = kafka.shared();
    private final OpeningQueue queue = new OpeningQueue(2, Runnable::run);

    @Test
    void startsAtMostTwoAtOnceInOrderOfArrival() {
        var openings = List.of(add(0), add(1), add(2), add(3));
        assertThat(asked).hasSize(2);

        asked.get(1).completeExceptionally(new IllegalArgumentException("planted"));

        assertThat(openings.get(1).wal()).isCompletedExceptionally();
        assertThat(openings.get(2).wal()).isNotDone();
        assertThat(asked).as("the third one has started").hasSize(3);
    }

    @Test
    void timeInTheQueueDoesNotCountTowardsTheDeadline() {
        add(0);
        add(1);
        var third = add(2);
        kafka.time()
                .advance(shared.settings()
                        .timeouts()
                        .open()
                        .plus(Duration.ofSeconds(1))
                        .toMillis());
        assertThat(third.wal()).isNotDone();

        asked.get(0).completeExceptionally(new IllegalArgumentException("planted"));

        assertThat(asked).hasSize(3);
        assertThat(third.wal()).isNotDone();
    }

    @Test
    void anOpeningCancelledInTheQueueEndsAtOnceAndLeavesTheQueue() {
        var first = add(0);
        add(1);
        var third = add(2);
        add(3);

        third.cancel();
        assertThat(third.wal()).isCompletedExceptionally();
        assertThat(asked).hasSize(2);
        asked.get(0).completeExceptionally(new IllegalArgumentException("planted"));

        assertThat(first.wal()).isCompletedExceptionally();
        assertThat(asked).as("the fourth one has started").hasSize(3);
    }

    @Test
    void allOpeningsEndIfThePoolStartsNoTasks() {
        var closing = new OpeningQueue(1, task -> {
            throw new RejectedExecutionException("planted");
        });
        var openings = List.of(opening(0), opening(1), opening(2));

        openings.forEach(closing::add);

        assertThat(openings)
                .allSatisfy(opening -> assertThat(failure(opening.wal()).code()).isEqualTo(ErrorCode.SHUTTING_DOWN));
        assertThat(asked).isEmpty();
    }

    private TermOpening opening(int partition) {
        return FakeKafka.opening(new PChannel("orders", partition), 1, shared);
    }

    private TermOpening add(int partition) {
        var opening = opening(partition);
        queue.add(opening);
        return opening;
    }
}
