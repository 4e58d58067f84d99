package io.seawall.walkafka.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.PChannel;
import io.seawall.walkafka.admin.ForeignTransaction;
import io.seawall.walkafka.internal.client.LingeringTransactions.Open;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LingeringTransactionsTest {
    private static final PChannel ORDERS_0 = new PChannel("orders", 0);
    private static final PChannel ORDERS_1 = new PChannel("orders", 1);

    private final LingeringTransactions lingering = new LingeringTransactions();

    private static Map<PChannel, ForeignTransaction> foreign(Set<Open> open, Map<Long, String> names) {
        return LingeringTransactions.foreign(open, names, (pchannel, id) -> id.startsWith("seawall-" + pchannel));
    }

    @Test
    void onlyTransactionsThatAreOpenAtTwoChecksHoldALogUp() {
        var lease = new Open(ORDERS_0, 7, 10);
        var tool = new Open(ORDERS_0, 8, 12);

        assertThat(lingering.seen(List.of(lease, tool))).isEmpty();
        assertThat(lingering.seen(List.of(new Open(ORDERS_0, 7, 20), tool))).containsExactly(tool);
        assertThat(lingering.seen(List.of())).isEmpty();
        assertThat(lingering.seen(List.of(tool)))
                .as("not seen by the check before")
                .isEmpty();
    }

    @Test
    void lanesOfAnotherLogHoldALogUpButNotItsOwn() {
        var names = Map.of(7L, "seawall-orders-0-a", 8L, "seawall-orders-1-a");

        assertThat(foreign(Set.of(new Open(ORDERS_0, 7, 10), new Open(ORDERS_1, 7, 3)), names))
                .isEqualTo(Map.of(ORDERS_1, new ForeignTransaction("seawall-orders-0-a", 7, 3)));
    }

    @Test
    void reportsTheFirstTransactionEvenIfItHasNoName() {
        assertThat(foreign(Set.of(new Open(ORDERS_0, 9, 30), new Open(ORDERS_0, 8, 20)), Map.of(9L, "etl")))
                .isEqualTo(Map.of(ORDERS_0, new ForeignTransaction(null, 8, 20)));
    }

    @Test
    void describesTheTransaction() {
        assertThat(new ForeignTransaction("etl", 9, 30).toString())
                .contains("another program")
                .contains("'etl'")
                .contains("producer id 9")
                .contains("offset 30");
        assertThat(new ForeignTransaction(null, 9, 30).fix()).contains("abort");
    }
}
