package io.seawall.it.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.it.kit.TestKafka;
import io.seawall.lifetime.LifetimeSettings;
import io.seawall.lifetime.WalManager;
import io.seawall.wal.Appended;
import io.seawall.wal.Effect;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.PollLimits;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.WalException;
import io.seawall.walkafka.KafkaWals;
import io.seawall.walkafka.admin.TopicSpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A log is handed over under load, again and again: what becomes of the appends that are in flight when it is closed. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("full")
class HandoverIT {
    private static final int HANDOVERS = 20;
    private static final int APPENDS = 400;
    private static final long SOON_SECONDS = 20;
    private static final Set<ErrorCode> TERM_IS_OVER = Set.of(ErrorCode.NOT_OWNER, ErrorCode.SHUTTING_DOWN);

    private static TestKafka kafka;
    private static KafkaWals one;
    private static KafkaWals other;

    private final PChannel pchannel = new PChannel("handover", 0);
    private final List<String> acknowledged = new ArrayList<>();
    private final Set<String> refused = new HashSet<>();
    private final Map<ErrorCode, Integer> codes = new TreeMap<>();

    @BeforeAll
    static void connect() {
        kafka = TestKafka.start();
        one = kafka.connect("one");
        other = kafka.connect("other");
    }

    @AfterAll
    static void disconnect() {
        one.close();
        other.close();
        kafka.close();
    }

    private static WalManager managerOf(KafkaWals wals) {
        var settings = new LifetimeSettings(Duration.ofMinutes(1), Duration.ofSeconds(15), 4);
        return new WalManager(wals.opener(), new RegisteredLogs(), settings, InstantSource.system());
    }

    @Test
    void everyAppendInFlightIsAcknowledgedOrRefusedWithoutAnEffect() {
        one.topics().create(TopicSpec.of("handover", 1).withReplicationFactor(1));
        var managers = List.of(managerOf(one), managerOf(other));
        try {
            for (var term = 1; term <= HANDOVERS; term++) {
                handOver(managers.get(term % 2), term);
            }
        } finally {
            managers.forEach(WalManager::close);
        }

        System.out.println("of " + HANDOVERS * APPENDS + " appends " + acknowledged.size()
                + " were acknowledged and the others refused: " + codes);
        assertThat(codes.keySet()).isSubsetOf(TERM_IS_OVER);
        assertThat(acknowledged).isNotEmpty();
        assertThat(refused).as("appends that came too late").isNotEmpty();
        assertThat(read(acknowledged.size())).isEqualTo(acknowledged);
    }

    /** Opens the log, appends, and closes it in the middle of the appends. */
    private void handOver(WalManager manager, long term) {
        manager.open(pchannel, term).orTimeout(SOON_SECONDS, TimeUnit.SECONDS).join();
        var wal = manager.get(pchannel);
        var appends = new ArrayList<CompletableFuture<Appended>>();
        CompletableFuture<Void> closed = CompletableFuture.completedFuture(null);
        for (var at = 0; at < APPENDS; at++) {
            if (at == APPENDS * 3 / 4) {
                closed = manager.remove(pchannel, term);
            }
            appends.add(wal.append((term + "-" + at).getBytes(UTF_8)));
        }
        closed.orTimeout(SOON_SECONDS, TimeUnit.SECONDS).join();
        for (var at = 0; at < APPENDS; at++) {
            judge(term + "-" + at, appends.get(at));
        }
    }

    private void judge(String value, CompletableFuture<Appended> append) {
        try {
            append.orTimeout(SOON_SECONDS, TimeUnit.SECONDS).join();
            acknowledged.add(value);
        } catch (CompletionException failed) {
            if (!(failed.getCause() instanceof WalException error)) {
                throw failed;
            }
            assertThat(error.problem().effect()).as("%s", error).isEqualTo(Effect.NONE);
            codes.merge(error.code(), 1, Integer::sum);
            refused.add(value);
        }
    }

    private List<String> read(int least) {
        var values = new ArrayList<String>();
        try (var reader = other.readers().open(pchannel, StartPosition.oldest(), View.COMMITTED)) {
            var empty = 0;
            while (empty < 3) { // a few polls beyond the last one, in case there is more than was acknowledged
                var records = reader.poll(PollLimits.records(1_000), Duration.ofMillis(500));
                records.forEach(record -> values.add(new String(record.data().value(), UTF_8)));
                empty = records.isEmpty() && values.size() >= least ? empty + 1 : 0;
            }
        }
        return values;
    }
}
