package io.seawall.it.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.it.kit.History;
import io.seawall.wal.Appended;
import io.seawall.wal.Effect;
import io.seawall.wal.PChannel;
import io.seawall.wal.Wal;
import io.seawall.wal.WalException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Appends values to logs in this process and records the outcome of each. Thread-safe. */
final class Appends {
    private final PChannel pchannel;
    private final History history = new History();
    private final AtomicInteger open = new AtomicInteger();
    private final List<RuntimeException> contradictions = new CopyOnWriteArrayList<>();

    Appends(PChannel pchannel) {
        this.pchannel = pchannel;
    }

    PChannel pchannel() {
        return pchannel;
    }

    History history() {
        return history;
    }

    /** Appends one value, which is unique within the test. */
    CompletableFuture<Appended> append(Wal wal, String value) {
        open.incrementAndGet();
        return wal.append(value.getBytes(UTF_8)).whenComplete((appended, error) -> {
            try {
                note(value, appended, error);
            } catch (RuntimeException contradiction) {
                contradictions.add(contradiction);
            }
            open.decrementAndGet();
        });
    }

    private void note(String value, @Nullable Appended appended, @Nullable Throwable error) {
        if (appended != null) {
            history.acknowledged(pchannel, appended.first(), value);
            return;
        }
        var cause = error instanceof CompletionException ? error.getCause() : error;
        if (cause instanceof WalException known && known.effect() == Effect.NONE) {
            history.refused(value);
        } else {
            history.unknown(value);
        }
    }

    /** Appends values one after the other, and waits for each. */
    void appendEach(Wal wal, String name, int count) {
        for (var number = 0; number < count; number++) {
            append(wal, name + number).join();
        }
    }

    /** Waits until every append is answered, and fails if two answers contradict each other. */
    void awaitAnswers(Duration bound) {
        Awaitility.await("every append is answered").atMost(bound).until(() -> open.get() == 0);
        assertThat(contradictions).isEmpty();
    }
}
