package io.seawall.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.wal.PChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Terms only grow, whatever becomes of the group and of the meta topic's old records. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("long")
class ClusterHistoryIT {
    private static final String META = "lab-meta";

    @TempDir
    private Path folder;

    @Test
    void termsGrowAfterAllNodesWereAwayForLongerThanKafkaKeepsTheGroup() throws Exception {
        try (var lab = ClusterLab.start(folder, 3)) {
            var logs = lab.createTopic("away", 6);
            appendToEach(lab, logs);
            var before = terms(lab, logs);
            lab.ids().forEach(lab::stop);
            compact(lab);
            deleteGroups(lab);
            for (var number = 1; number <= 3; number++) {
                lab.startNode("n" + number);
            }
            lab.awaitMembers(3);
            lab.awaitOwned(logs);
            appendToEach(lab, logs);

            assertThat(terms(lab, logs))
                    .allSatisfy((log, term) -> assertThat(term)
                            .as(log + " had term " + before.get(log) + " before")
                            .isGreaterThan(before.get(log)));
        }
    }

    private static void appendToEach(ClusterLab lab, List<PChannel> logs) {
        var load = new ClusterLoad(lab, logs, Duration.ofMillis(20));
        try (load) {
            load.awaitProgress();
        }
        load.judge();
    }

    private static Map<PChannel, Long> terms(ClusterLab lab, List<PChannel> logs) {
        var terms = new TreeMap<PChannel, Long>();
        for (var log : logs) {
            var status = lab.api().get("/v1/pchannels/" + log).body();
            terms.put(log, status.path("term").asLong(-1));
        }
        return terms;
    }

    private static Admin admin(ClusterLab lab) {
        return Admin.create(
                Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, lab.kafka().bootstrapServers()));
    }

    /** Makes Kafka compact the meta topic at once, and waits until old records are gone. */
    private static void compact(ClusterLab lab) throws ExecutionException, InterruptedException {
        try (var admin = admin(lab)) {
            var topic = new ConfigResource(ConfigResource.Type.TOPIC, META);
            var quickly = List.of(
                    new AlterConfigOp(new ConfigEntry("segment.ms", "100"), AlterConfigOp.OpType.SET),
                    new AlterConfigOp(new ConfigEntry("min.cleanable.dirty.ratio", "0.0"), AlterConfigOp.OpType.SET),
                    new AlterConfigOp(new ConfigEntry("max.compaction.lag.ms", "100"), AlterConfigOp.OpType.SET));
            admin.incrementalAlterConfigs(Map.of(topic, quickly)).all().get();
        }
    }

    private static void deleteGroups(ClusterLab lab) {
        try (var admin = admin(lab)) {
            Awaitility.await("the group is deleted")
                    .atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> isDeleted(admin));
        }
    }

    private static boolean isDeleted(Admin admin) throws InterruptedException {
        try {
            var groups = admin.listGroups().all().get().stream()
                    .map(group -> group.groupId())
                    .filter(id -> id.startsWith("lab-"))
                    .filter(id -> !id.endsWith("flusher"))
                    .toList();
            admin.deleteConsumerGroups(groups).all().get();
            return true;
        } catch (ExecutionException notYet) {
            return notYet.getCause() instanceof GroupIdNotFoundException;
        }
    }
}
