package io.seawall.cli.append;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.seawall.cli.command.CommandFailed;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BatchQueueTest {
    private final BatchQueue queue =
            new BatchQueue(new RecordTemplate(null, List.of()), new LineSplitter(LineAppend.LONGEST_LINE_BYTES));

    @Test
    void givesAnIdleSenderTheOpenBatch() throws Exception {
        // given
        accept("a\nb\nunfinished");

        // when
        var batch = queue.take();

        // then
        assertThat(batch).isNotNull().extracting(AppendBatch::records).isEqualTo(2);
    }

    @Test
    void fillsBatchesWhileTheSenderIsBusy() throws Exception {
        // given
        accept("x\n".repeat(2_500));
        queue.finish();

        // when, then
        assertThat(takenRecords()).containsExactly(1_000, 1_000, 500);
    }

    @Test
    void makesTheReaderWaitWhenTheSenderIsBehind() {
        // given: a reader with far more than the queue holds
        var accepted = new AtomicInteger();
        var reader = CompletableFuture.runAsync(() -> {
            for (var i = 0; i < 100; i++) {
                accept("x\n".repeat(1_000));
                accepted.incrementAndGet();
            }
        });

        // when: it has stopped, with full batches and an open one
        await().atMost(Duration.ofSeconds(10)).until(() -> accepted.get() == BatchQueue.MAX_WAITING + 1);

        // then: it continues only after a take
        assertThat(reader).isNotDone();
        assertThat(accepted).hasValue(BatchQueue.MAX_WAITING + 1);
        queue.abandon();
        await().atMost(Duration.ofSeconds(10)).until(reader::isDone);
    }

    @Test
    void sendsWhatCameBeforeAFailureOfTheInput() throws Exception {
        // given
        accept("a\n");
        queue.fail(new CommandFailed("the disk is on fire"));

        // when
        var batch = queue.take();

        // then
        assertThat(batch).isNotNull();
        assertThatThrownBy(queue::take).hasMessage("the disk is on fire");
    }

    private void accept(String text) {
        try {
            var bytes = text.getBytes(StandardCharsets.UTF_8);
            queue.accept(bytes, bytes.length);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<Integer> takenRecords() throws InterruptedException {
        var sizes = new ArrayList<Integer>();
        for (var batch = queue.take(); batch != null; batch = queue.take()) {
            sizes.add(batch.records());
        }
        return sizes;
    }
}
