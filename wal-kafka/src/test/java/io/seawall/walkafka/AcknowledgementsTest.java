package io.seawall.walkafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.walkafka.Acknowledgements.Ack;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Many acknowledgements, few tasks, none lost. */
class AcknowledgementsTest {
    private static final InFlight.Entry ENTRY = new InFlight.Entry(null, 0, 0, 1);

    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final List<Long> taken = new ArrayList<>();

    @Test
    void postsOneTaskForAllThatComeBeforeItRuns() {
        var acknowledgements = new Acknowledgements(tasks::add, this::takeAll);

        acknowledgements.add(ENTRY, 1, null);
        acknowledgements.add(ENTRY, 2, null);
        acknowledgements.add(ENTRY, 3, null);

        assertThat(tasks).hasSize(1);
        tasks.remove().run();
        assertThat(taken).containsExactly(1L, 2L, 3L);
    }

    @Test
    void postsAgainForWhatComesLater() {
        var acknowledgements = new Acknowledgements(tasks::add, this::takeAll);
        acknowledgements.add(ENTRY, 1, null);
        tasks.remove().run();

        acknowledgements.add(ENTRY, 2, null);

        assertThat(tasks).hasSize(1);
        tasks.remove().run();
        assertThat(taken).containsExactly(1L, 2L);
    }

    @Test
    void losesNoneThatComesWhileOthersAreTaken() throws Exception {
        var count = 100_000;
        var all = new CompletableFuture<List<Long>>();
        var mailbox = Executors.newSingleThreadExecutor();
        try {
            var acknowledgements = new Acknowledgements(mailbox, acks -> {
                takeAll(acks);
                if (taken.size() == count) {
                    all.complete(taken);
                }
            });

            for (var offset = 0L; offset < count; offset++) {
                acknowledgements.add(ENTRY, offset, null);
            }

            assertThat(all.get(30, TimeUnit.SECONDS))
                    .isEqualTo(LongStream.range(0, count).boxed().toList());
        } finally {
            mailbox.shutdownNow();
        }
    }

    private void takeAll(Queue<Ack> acks) {
        for (var ack = acks.poll(); ack != null; ack = acks.poll()) {
            taken.add(ack.offset());
        }
    }
}
