package io.seawall.node.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.node.StepClock;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.node.ports.PChannelStatus.Transaction;
import io.seawall.wal.PChannel;
import io.seawall.walkafka.admin.ForeignTransaction;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class TransactionWatchTest {
    private static final PChannel ORDERS_0 = new PChannel("orders", 0);
    private static final PChannel ORDERS_1 = new PChannel("orders", 1);
    private static final ForeignTransaction ETL = new ForeignTransaction("etl", 9, 30);

    private final StepClock clock = new StepClock();
    private CompletableFuture<Map<PChannel, ForeignTransaction>> answer = CompletableFuture.completedFuture(Map.of());
    private int asked;
    private final TransactionWatch watch = new TransactionWatch(
            () -> List.of(ORDERS_0, ORDERS_1),
            pchannels -> {
                asked++;
                return answer;
            },
            clock,
            clock);

    private void check(Map<PChannel, ForeignTransaction> found) {
        answer = CompletableFuture.completedFuture(found);
        watch.check();
    }

    private static String printedBy(Runnable action) {
        var console = System.err;
        var printed = new ByteArrayOutputStream();
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            action.run();
        } finally {
            System.setErr(console);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void reportsSinceWhenALogIsHeldUp() {
        check(Map.of(ORDERS_0, ETL));
        var since = clock.instant();
        clock.forward(Duration.ofSeconds(5));
        check(Map.of(ORDERS_0, ETL));

        assertThat(watch.holdsUp(ORDERS_0)).contains(new Transaction("etl", 9, 30, since));
        assertThat(watch.holdsUp(ORDERS_1)).isEmpty();
    }

    @Test
    void logsTheBeginAndTheEndOnce() {
        var printed = printedBy(() -> {
            check(Map.of(ORDERS_0, ETL));
            check(Map.of(ORDERS_0, ETL));
            check(Map.of(ORDERS_0, new ForeignTransaction("etl", 9, 40)));
            check(Map.of());
            check(Map.of());
        });

        assertThat(printed.lines()).hasSize(2);
        assertThat(printed)
                .containsPattern("WARN .*another program's transaction holds up the committed view.*etl")
                .containsPattern("INFO .*no transaction of another program holds up");
    }

    @Test
    void keepsItsResultWhileKafkaDoesNotAnswerAndSendsOneRequestAtATime() {
        check(Map.of(ORDERS_0, ETL));
        answer = new CompletableFuture<>();
        watch.check();
        watch.check();
        assertThat(asked).isEqualTo(2);

        answer.completeExceptionally(new IllegalStateException("no answer"));
        watch.check();

        assertThat(asked).isEqualTo(3);
        assertThat(watch.holdsUp(ORDERS_0)).isPresent();
    }

    @Test
    void showsForHowLong() {
        try (var metrics = new NodeMetrics(List::of)) {
            watch.bind(metrics);
            check(Map.of(ORDERS_0, ETL));
            clock.forward(Duration.ofSeconds(7));
            clock.jump(Duration.ofHours(-1));

            assertThat(metrics.scrape()).contains("seawall_log_transaction_seconds{pchannel=\"orders-0\"} 7.0");
        }
    }
}
