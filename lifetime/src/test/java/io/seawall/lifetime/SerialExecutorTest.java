package io.seawall.lifetime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class SerialExecutorTest {
    private final Queue<Runnable> threads = new ArrayDeque<>();
    private final SerialExecutor mailbox = new SerialExecutor(threads::add);
    private final List<String> ran = new ArrayList<>();

    private void runAll() {
        while (!threads.isEmpty()) {
            threads.remove().run();
        }
    }

    @Test
    void runsTasksInOrderOnOneThreadAtATime() {
        mailbox.execute(() -> ran.add("first"));
        mailbox.execute(() -> {
            ran.add("second");
            mailbox.execute(() -> ran.add("fourth"));
        });
        mailbox.execute(() -> ran.add("third"));

        assertThat(threads).hasSize(1);
        runAll();

        assertThat(ran).containsExactly("first", "second", "third", "fourth");
    }

    @Test
    void anErrorOfATaskDoesNotStopTheNextOne() {
        mailbox.execute(() -> {
            throw new IllegalStateException("a task's bug");
        });
        mailbox.execute(() -> {
            throw new NoClassDefFoundError("a broken class path");
        });
        mailbox.execute(() -> ran.add("next"));

        runAll();

        assertThat(ran).containsExactly("next");
        mailbox.execute(() -> ran.add("later"));
        runAll();
        assertThat(ran).containsExactly("next", "later");
    }
}
