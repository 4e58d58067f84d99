package io.seawall.client.internal.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class SerialExecutorTest {
    private final Queue<Runnable> thread = new ArrayDeque<>();
    private final List<String> done = new ArrayList<>();

    private void runThread() {
        for (var task = thread.poll(); task != null; task = thread.poll()) {
            task.run();
        }
    }

    @Test
    void runsTasksInTheirOrder() {
        var serial = new SerialExecutor(thread::add);
        serial.execute(() -> done.add("a"));
        serial.execute(() -> done.add("b"));
        runThread();
        serial.execute(() -> done.add("c"));
        runThread();

        assertThat(done).containsExactly("a", "b", "c");
    }

    @Test
    void othersGetTheThreadAlthoughThereIsAlwaysMoreToDo() {
        var busy = new SerialExecutor(thread::add);
        var other = new SerialExecutor(thread::add);
        busy.execute(new Runnable() {
            @Override
            public void run() {
                if (!done.contains("other")) {
                    assertThat(done).hasSizeLessThan(10);
                    done.add("busy");
                    busy.execute(this);
                }
            }
        });
        other.execute(() -> done.add("other"));
        runThread();

        assertThat(done).containsExactly("busy", "other");
    }

    @Test
    void aTaskThatFailsStopsNothing() {
        var serial = new SerialExecutor(thread::add);
        var failures = new ArrayList<Throwable>();
        Thread.currentThread().setUncaughtExceptionHandler((ofThread, failure) -> failures.add(failure));
        try {
            serial.execute(() -> {
                throw new IllegalStateException("test");
            });
            serial.execute(() -> done.add("b"));
            runThread();
        } finally {
            Thread.currentThread().setUncaughtExceptionHandler(null);
        }

        assertThat(done).containsExactly("b");
        assertThat(failures).hasSize(1);
    }

    @Test
    void anExecutorThatTakesNothingLosesNothing() {
        for (var refusal : List.of(new RejectedExecutionException("closed"), new IllegalStateException("broken"))) {
            var serial = new SerialExecutor(task -> {
                throw refusal;
            });
            serial.execute(() -> {
                done.add("a");
                serial.execute(() -> done.add("b"));
            });
            serial.execute(() -> done.add("c"));
        }

        assertThat(done).containsExactly("a", "b", "c", "a", "b", "c");
    }

    @Test
    void anExecutorThatClosesMeanwhileLosesNothing() {
        var serial = new SerialExecutor(task -> {
            if (done.contains("a")) {
                throw new RejectedExecutionException("closed");
            }
            thread.add(task);
        });
        serial.execute(() -> done.add("a"));
        serial.execute(() -> done.add("b"));
        runThread();

        assertThat(done).containsExactly("a", "b");
    }

    @Test
    void tasksWithoutAnEndNeedNoStackOnAnExecutorThatRunsThemAtOnce() {
        var serial = new SerialExecutor(Runnable::run);
        var left = new int[] {100_000};
        serial.execute(new Runnable() {
            @Override
            public void run() {
                if (left[0]-- > 0) {
                    serial.execute(this);
                }
            }
        });

        assertThat(left[0]).isNegative();
    }
}
