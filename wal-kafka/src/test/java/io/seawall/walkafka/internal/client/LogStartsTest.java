package io.seawall.walkafka.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.PChannel;
import io.seawall.walkafka.settings.KafkaConnection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

/** Tests the request for the first offsets of many logs. */
class LogStartsTest {
    private static final PChannel FIRST = new PChannel("orders", 0);
    private static final PChannel SECOND = new PChannel("orders", 1);

    private final FakeAdmin admin = new FakeAdmin();
    private final LogStarts starts = new LogStarts(admin, KafkaConnection.plain("localhost:1", "seawall-"));

    @Test
    void sendsOneRequestForAllLogs() {
        assertThat(starts.of(List.of(FIRST, SECOND)).join()).isEqualTo(Map.of(FIRST, 3L, SECOND, 3L));

        assertThat(admin.offsetRequests()).hasSize(1);
    }

    @Test
    void leavesOutLogsWithoutAnAnswer() {
        admin.failOffsets(new TimeoutException("no answer"));

        assertThat(starts.of(List.of(FIRST)).join()).isEmpty();
    }

    @Test
    void sendsNoRequestForNoLogs() {
        assertThat(starts.of(List.of()).join()).isEmpty();
        assertThat(admin.offsetRequests()).isEmpty();
    }
}
