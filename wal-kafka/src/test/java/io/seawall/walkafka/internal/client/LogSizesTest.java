package io.seawall.walkafka.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.PChannel;
import io.seawall.walkafka.settings.KafkaConnection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests the sizes of logs on their brokers. */
class LogSizesTest {
    private static final PChannel FIRST = new PChannel("orders", 0);
    private static final PChannel SECOND = new PChannel("orders", 1);
    private static final PChannel ABSENT = new PChannel("absent", 0);

    private final FakeAdmin admin = new FakeAdmin();
    private final LogSizes sizes = new LogSizes(admin, KafkaConnection.plain("localhost:1", "seawall-"));

    @Test
    void theLeadersReplicaCounts() {
        admin.setLeaders("seawall-orders", 0, 1);
        admin.setReplica(0, "seawall-orders", 0, 100, false);
        admin.setReplica(1, "seawall-orders", 0, 90, false);
        admin.setReplica(1, "seawall-orders", 1, 200, false);
        admin.setReplica(0, "seawall-orders", 1, 190, false);
        admin.setReplica(0, "of-somebody-else", 0, 7, false);

        assertThat(sizes.of(List.of(FIRST, SECOND)).join()).isEqualTo(Map.of(FIRST, 100L, SECOND, 200L));
    }

    @Test
    void eachLeaderIsAskedOnce() {
        admin.setLeaders("seawall-orders", 1, 1);

        assertThat(sizes.of(List.of(FIRST, SECOND)).join()).isEmpty();

        assertThat(admin.sizeRequests()).containsExactly(1);
    }

    @Test
    void leavesOutLogsWithUnknownSizes() {
        admin.setLeaders("seawall-orders", 0, -1);
        admin.setReplica(0, "seawall-orders", 0, 100, false);

        assertThat(sizes.of(List.of(FIRST, SECOND, ABSENT)).join()).isEqualTo(Map.of(FIRST, 100L));
    }

    @Test
    void ignoresAReplicaThatIsBeingMovedToAnotherFolder() {
        admin.setLeaders("seawall-orders", 0);
        admin.setReplica(0, "seawall-orders", 0, 40, true);

        assertThat(sizes.of(List.of(FIRST)).join()).isEmpty();
    }

    @Test
    void aBrokerThatDoesNotAnswerHidesOnlyItsOwnLogs() {
        admin.setLeaders("seawall-orders", 0, 1);
        admin.setReplica(1, "seawall-orders", 1, 200, false);
        admin.silence(0);

        assertThat(sizes.of(List.of(FIRST, SECOND)).join()).isEqualTo(Map.of(SECOND, 200L));
    }

    @Test
    void sendsNoRequestForNoLogs() {
        assertThat(sizes.of(List.of()).join()).isEmpty();

        assertThat(admin.sizeRequests()).isEmpty();
    }
}
