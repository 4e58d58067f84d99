package io.seawall.walkafka.internal.serial;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Tests that few tasks take many items, and that no item is lost. */
class InboxTest {
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final List<Long> taken = new ArrayList<>();

    @Test
    void postsOneTaskForAllItemsThatArriveBeforeItRuns() {
        var inbox = new Inbox<Long>(tasks::add, this::takeAll);

        inbox.add(1L);
        inbox.add(2L);
        inbox.add(3L);

        assertThat(tasks).hasSize(1);
        tasks.remove().run();
        assertThat(taken).containsExactly(1L, 2L, 3L);
    }

    @Test
    void postsAnotherTaskForLaterItems() {
        var inbox = new Inbox<Long>(tasks::add, this::takeAll);
        inbox.add(1L);
        tasks.remove().run();

        inbox.add(2L);

        assertThat(tasks).hasSize(1);
        tasks.remove().run();
        assertThat(taken).containsExactly(1L, 2L);
    }

    /** So a commit that is requested after an append covers the append. */
    @Test
    void takesAnItemBeforeATaskThatTheSameThreadPostsLater() {
        var mailbox = new Mailbox(tasks::add, bug -> {});
        var inbox = new Inbox<Long>(mailbox, this::takeAll);
        mailbox.execute(() -> {
            inbox.add(1L);
            mailbox.execute(() -> taken.add(-1L));
            inbox.add(2L);
        });

        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }

        assertThat(taken).containsExactly(1L, 2L, -1L);
    }

    @Test
    void losesNoItemThatArrivesWhileOthersAreTaken() throws Exception {
        var count = 100_000;
        var all = new CompletableFuture<List<Long>>();
        var mailbox = Executors.newSingleThreadExecutor();
        try {
            var inbox = new Inbox<Long>(mailbox, items -> {
                takeAll(items);
                if (taken.size() == count) {
                    all.complete(taken);
                }
            });

            for (var number = 0L; number < count; number++) {
                inbox.add(number);
            }

            assertThat(all.get(30, TimeUnit.SECONDS))
                    .isEqualTo(LongStream.range(0, count).boxed().toList());
        } finally {
            mailbox.shutdownNow();
        }
    }

    private void takeAll(Queue<Long> items) {
        for (var item = items.poll(); item != null; item = items.poll()) {
            taken.add(item);
        }
    }
}
