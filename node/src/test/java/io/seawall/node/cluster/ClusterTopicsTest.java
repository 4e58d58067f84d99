package io.seawall.node.cluster;

import static io.seawall.node.cluster.StubCluster.OTHER;
import static io.seawall.node.cluster.StubCluster.SELF;
import static io.seawall.node.cluster.StubCluster.owned;
import static io.seawall.node.cluster.StubCluster.quarantined;
import static io.seawall.node.cluster.StubCluster.retired;
import static io.seawall.node.cluster.StubCluster.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.meta.MetaRecord;
import io.seawall.coordinator.meta.MetaRecord.Condition;
import io.seawall.coordinator.placement.Command.AddTopic;
import io.seawall.coordinator.placement.Command.RemoveTopic;
import io.seawall.node.RecordingOpener;
import io.seawall.node.StepClock;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.walkafka.admin.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClusterTopicsTest {
    private static final PChannel ORDERS_0 = new PChannel("orders", 0);
    private static final PChannel ORDERS_1 = new PChannel("orders", 1);

    private final StepClock clock = new StepClock();
    private final StubCluster cluster = new StubCluster();
    private final ViewWaits waits = new ViewWaits(cluster::view);
    private final List<Topic> kafka = new ArrayList<>();
    private boolean away;
    private final ClusterTopics topics = new ClusterTopics(cluster, waits, this::list, clock);

    @BeforeEach
    void follow() {
        cluster.addListener(waits);
    }

    private List<Topic> list() {
        if (away) {
            throw RecordingOpener.error(ErrorCode.UNAVAILABLE);
        }
        return List.copyOf(kafka);
    }

    private void has(String name, int pchannels) {
        kafka.add(new Topic(name, pchannels, 1, "none"));
    }

    private void checkAfter(Duration pause) {
        clock.forward(pause);
        topics.check();
    }

    @Test
    void onlyTheCoordinatorCompares() {
        has("orders", 2);
        topics.check();
        assertThat(cluster.commands).isEmpty();

        cluster.leads("n1");
        topics.check();

        assertThat(cluster.commands).containsExactly(new AddTopic("orders", 2));
    }

    @Test
    void whatWasMissingBeforeItCoordinatedDoesNotCount() {
        cluster.read(new MetaRecord.Topic("orders", 2));
        cluster.leads("n1");
        topics.check();
        cluster.leads();
        topics.check();
        cluster.leads("n1");

        checkAfter(Duration.ofMinutes(1));
        assertThat(cluster.commands).isEmpty();

        checkAfter(Duration.ofSeconds(1));
        assertThat(cluster.commands).containsExactly(new RemoveTopic("orders"));
    }

    @Test
    void goesOnAfterKafkaWasAway() {
        has("orders", 2);
        cluster.leads("n1");
        away = true;
        topics.check();
        away = false;

        topics.check();

        assertThat(cluster.commands).containsExactly(new AddTopic("orders", 2));
    }

    @Test
    void asksAgainOnlyOnceItWasRefused() {
        var pending = new CompletableFuture<Void>();
        cluster.answers(pending);
        cluster.leads("n1");
        has("orders", 2);
        topics.check();
        topics.check();
        assertThat(cluster.commands).hasSize(1);

        pending.completeExceptionally(RecordingOpener.error(ErrorCode.UNAVAILABLE));
        topics.check();

        assertThat(cluster.commands).hasSize(2);
    }

    @Test
    void aNewTopicIsWaitedForUntilEachOfItsLogsIsOpenSomewhere() {
        var open = topics.added("orders", 2);
        assertThat(cluster.commands).as("another node coordinates").isEmpty();

        cluster.read(new MetaRecord.Topic("orders", 2), owned(ORDERS_0, 1, SELF), owned(ORDERS_1, 1, OTHER));
        cluster.read(status(ORDERS_0, SELF, 1, Condition.AVAILABLE), status(ORDERS_1, OTHER, 1, Condition.OPENING));
        cluster.read(status(ORDERS_1, SELF, 1, Condition.AVAILABLE), status(ORDERS_1, OTHER, 0, Condition.AVAILABLE));
        assertThat(open).as("of another process, or of an earlier term").isNotDone();
        cluster.read(status(ORDERS_1, OTHER, 1, Condition.AVAILABLE));

        assertThat(open).isCompleted();
    }

    @Test
    void aLogInQuarantineIsNotWaitedFor() {
        cluster.read(new MetaRecord.Topic("orders", 1), quarantined(ORDERS_0, 1, "DATA_LOSS"));

        assertThat(topics.added("orders", 1)).isCompleted();
    }

    @Test
    void theCoordinatorAddsANewTopicAtOnce() {
        cluster.leads("n1");

        var open = topics.added("orders", 2);

        assertThat(cluster.commands).containsExactly(new AddTopic("orders", 2));
        assertThat(open).isNotDone();
    }

    @Test
    void theCoordinatorClosesTheLogsOfATopicBeforeItIsDeleted() {
        cluster.read(new MetaRecord.Topic("orders", 1), owned(ORDERS_0, 1, OTHER));
        cluster.leads("n1");
        has("orders", 1);

        var closed = topics.deleting("orders");

        assertThat(cluster.commands).containsExactly(new RemoveTopic("orders"));
        cluster.readWithout(MetaKey.topic("orders"));
        assertThat(closed).as("its log is not retired yet").isNotDone();
        cluster.read(retired(ORDERS_0, 1));
        assertThat(closed).isCompleted();
        topics.check();
        assertThat(cluster.commands).as("Kafka still lists it").hasSize(1);
        assertThat(topics.deleted("orders", true)).isCompleted();
        checkAfter(Duration.ofSeconds(4));
        assertThat(cluster.commands).as("a broker's answer may lag").hasSize(1);
    }

    @Test
    void aTopicThatIsCreatedAgainIsAddedAgain() {
        cluster.leads("n1");
        var unused = topics.deleting("orders");
        unused = topics.deleted("orders", true);
        topics.check(); // does not list it

        has("orders", 1);
        topics.check();

        assertThat(cluster.commands).containsExactly(new RemoveTopic("orders"), new AddTopic("orders", 1));
    }

    @Test
    void aTopicThatAnotherNodeCreatesAgainAtOnceIsAddedAfterAMoment() {
        cluster.leads("n1");
        has("orders", 1);
        var unused = topics.deleting("orders");
        unused = topics.deleted("orders", true);

        checkAfter(Duration.ofSeconds(5));

        assertThat(cluster.commands).containsExactly(new RemoveTopic("orders"), new AddTopic("orders", 1));
    }

    @Test
    void aTopicThatWasNotDeletedComesBack() {
        cluster.leads("n1");
        has("orders", 1);
        var unused = topics.deleting("orders");
        assertThat(topics.deleted("orders", false)).isCompleted();

        topics.check();

        assertThat(cluster.commands).containsExactly(new RemoveTopic("orders"), new AddTopic("orders", 1));
    }

    /** So a topic of the same name that is created afterwards is a new one to the cluster, too. */
    @Test
    void anotherNodeAnswersADeletionOnceTheCoordinatorHasNoticedIt() {
        cluster.read(new MetaRecord.Topic("orders", 1), owned(ORDERS_0, 1, OTHER));
        assertThat(topics.deleting("orders")).as("it cannot close the logs").isCompleted();

        var deleted = topics.deleted("orders", true);

        assertThat(cluster.commands).isEmpty();
        assertThat(deleted).isNotDone();
        cluster.readWithout(MetaKey.topic("orders"));
        cluster.read(retired(ORDERS_0, 1));
        assertThat(deleted).isCompleted();
    }
}
