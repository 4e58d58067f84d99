package io.seawall.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.meta.MetaRecord;
import io.seawall.coordinator.placement.Command;
import io.seawall.coordinator.placement.Command.AddTopic;
import io.seawall.coordinator.placement.Command.RemoveTopic;
import io.seawall.walkafka.admin.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TopicSightingsTest {
    private final StubCluster cluster = new StubCluster();
    private final Set<String> deleting = new TreeSet<>();
    private TopicSightings sightings = TopicSightings.NONE;

    private void known(String name, int pchannels) {
        cluster.read(new MetaRecord.Topic(name, pchannels));
    }

    private static Topic topic(String name, int pchannels) {
        return new Topic(name, pchannels, 1, "none");
    }

    private List<Command> at(long ms, Topic... listed) {
        var step = sightings.after(List.of(listed), cluster.view().state(), deleting, ms * 1_000_000);
        sightings = step.next();
        return new ArrayList<>(step.commands());
    }

    @Test
    void addsWhatIsNewOrHasGrown() {
        known("orders", 2);
        known("bills", 1);

        assertThat(at(0, topic("orders", 4), topic("bills", 1), topic("logs", 3)))
                .containsExactly(new AddTopic("orders", 4), new AddTopic("logs", 3));
    }

    @Test
    void removesATopicThatIsMissingInTwoAnswersASecondApart() {
        known("orders", 2);

        assertThat(at(0)).isEmpty();
        assertThat(at(999)).isEmpty();
        assertThat(at(1_000)).containsExactly(new RemoveTopic("orders"));
    }

    /** An answer of a broker whose metadata lags is no deletion. */
    @Test
    void beginsAnewWhenATopicIsListedAgain() {
        known("orders", 2);
        at(0);

        assertThat(at(600, topic("orders", 2))).isEmpty();
        assertThat(at(1_200)).isEmpty();
        assertThat(at(2_199)).isEmpty();
        assertThat(at(2_200)).containsExactly(new RemoveTopic("orders"));
    }

    /** A topic cannot shrink, so it was deleted and created again. The removal comes first, then it is added as a new one. */
    @Test
    void removesATopicThatHasFewerPChannelsThanBefore() {
        known("orders", 4);

        assertThat(at(0, topic("orders", 2))).isEmpty();
        assertThat(at(1_000, topic("orders", 2))).containsExactly(new RemoveTopic("orders"));
        cluster.readWithout(MetaKey.topic("orders"));
        assertThat(at(2_000, topic("orders", 2))).containsExactly(new AddTopic("orders", 2));
    }

    @Test
    void doesNotAddATopicAgainThatIsBeingDeleted() {
        deleting.add("orders");

        assertThat(at(0, topic("orders", 2))).isEmpty();
    }

    @Test
    void leavesATopicAloneWhoseRecordItCannotRead() {
        cluster.readUnreadable(MetaKey.topic("orders"));

        assertThat(at(0, topic("orders", 2))).isEmpty();
        assertThat(at(0)).isEmpty();
        assertThat(at(5_000)).isEmpty();
    }
}
