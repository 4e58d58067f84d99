package io.seawall.node.http.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.coordinator.member.ClusterView;
import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.coordinator.meta.MetaRecord.Coordinator;
import io.seawall.coordinator.meta.MetaState;
import io.seawall.coordinator.meta.News;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClusterFeedTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final ClusterFeed feed = new ClusterFeed();

    private static ClusterView view(boolean current, String nonce, long decision, Instant at) {
        var coordinator = new Coordinator("n2", "n2-1", nonce, decision, at);
        var state = MetaState.EMPTY.after(List.of(new News.Written(coordinator)));
        return new ClusterView(new Owner("n1", "n1-1"), state, current, "follower", false, "m", Optional.empty());
    }

    @Test
    void aNodeThatStartedLaterDoesNotKnowSinceWhenTheCoordinatorCoordinates() {
        var view = view(true, "a", 5, NOW);

        feed.onView(view);
        feed.onView(view(true, "a", 6, NOW.plusSeconds(1)));

        assertThat(feed.since(view)).isEmpty();
    }

    @Test
    void theFirstRecordOfACoordinatorSaysSinceWhen() {
        feed.onView(view(false, "a", 0, NOW));
        var later = view(true, "a", 7, NOW.plusSeconds(60));
        feed.onView(later);

        assertThat(feed.since(later)).hasValue(NOW);
    }

    @Test
    void aNodeThatFollowedKnowsAboutWhenASuccessorBegan() {
        feed.onView(view(true, "a", 5, NOW));
        var successor = view(true, "b", 1, NOW.plusSeconds(9));
        feed.onView(successor);

        assertThat(feed.since(successor)).hasValue(NOW.plusSeconds(9));
        assertThat(feed.since(view(true, "c", 0, NOW))).as("not of this one").isEmpty();
    }

    @Test
    void aClientThatHasEndedGetsNothing() throws InterruptedException {
        feed.onView(view(true, "a", 0, NOW));
        var client = feed.subscribe();
        feed.unsubscribe(client);

        feed.onView(new ClusterView(
                new Owner("n1", "n1-1"), MetaState.EMPTY, true, "follower", false, "m", Optional.empty()));

        assertThat(client.poll(0)).isNull();
        assertThat(feed.clients()).isZero();
    }
}
