package io.seawall.node;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.seawall.node.watch.TransactionWatch;
import io.seawall.wal.Effect;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import io.seawall.walkafka.admin.ForeignTransaction;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class HeldUpFlushesTest {
    private static final PChannel ORDERS_0 = new PChannel("orders", 0);
    private static final PChannel ORDERS_1 = new PChannel("orders", 1);
    private static final ForeignTransaction ETL = new ForeignTransaction("etl", 9, 30);

    private final StepClock clock = new StepClock();
    private final TransactionWatch watch = new TransactionWatch(
            () -> List.of(ORDERS_0, ORDERS_1),
            pchannels -> CompletableFuture.completedFuture(Map.of(ORDERS_0, ETL)),
            clock,
            clock);

    @Test
    void aFlushThatATransactionHoldsUpIsAnsweredWithItsName() {
        var flush = new CompletableFuture<Long>();
        var flushes = new HeldUpFlushes(
                new NoFlushes() {
                    @Override
                    public CompletableFuture<Long> flush(PChannel pchannel) {
                        return flush;
                    }
                },
                watch);
        watch.check();
        var held = flushes.flush(ORDERS_0);
        var other = flushes.flush(ORDERS_1);
        assertThat(held).as("a flush needs a moment, whatever is open").isNotDone();

        watch.check();

        var error = catchThrowable(held::join);
        assertThat(error).isInstanceOf(CompletionException.class);
        var problem = (WalException) requireNonNull(error.getCause());
        assertThat(problem.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(problem.effect()).isEqualTo(Effect.UNKNOWN);
        assertThat(problem).hasMessageContaining("'etl'").hasMessageContaining("producer id 9");
        assertThat(flush).as("it goes on").isNotDone();
        assertThat(other).isNotDone();
        flush.complete(12L);
        assertThat(other).isCompletedWithValue(12L);
    }
}
