package io.seawall.coordinator.meta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.seawall.coordinator.meta.Assignment.Note;
import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.coordinator.meta.Assignment.Unowned;
import io.seawall.coordinator.meta.MetaRecord.Condition;
import io.seawall.coordinator.meta.MetaRecord.Freeze;
import io.seawall.coordinator.meta.MetaRecord.Node;
import io.seawall.coordinator.meta.MetaRecord.Status;
import io.seawall.coordinator.meta.MetaRecord.Suspicion;
import io.seawall.coordinator.meta.MetaRecord.Topic;
import io.seawall.wal.PChannel;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MetaStateTest {
    private static final Instant NOW = Instant.parse("2026-11-30T08:00:00Z");
    private static final PChannel LOG = new PChannel("orders", 1);
    private static final Note NOTE = new Note(Reason.NEW, "", NOW);

    private static MetaState of(MetaRecord... records) {
        return MetaState.EMPTY.after(
                Arrays.stream(records).map(News.Written::new).toList());
    }

    private static Node node(String incarnation, long beat) {
        return new Node("n1", incarnation, beat, "", false, NOW);
    }

    private static Status status(PChannel pchannel, String incarnation) {
        return new Status(pchannel, incarnation, 1, Condition.OPENING, "", "", -1, "", 0, NOW);
    }

    @Test
    void theLastRecordOfAKeyCounts() {
        assertThat(of(new Topic("orders", 1), new Topic("orders", 3)).pchannels())
                .hasSize(3);
        assertThat(of(new Topic("orders", 1), new Topic("orders", 3))).isEqualTo(of(new Topic("orders", 3)));
    }

    @Test
    void aKeyThatIsGoneLeavesNothing() {
        var state = of(new Topic("orders", 1)).after(List.of(new News.Removed(MetaKey.topic("orders"))));

        assertThat(state).isEqualTo(MetaState.EMPTY);
    }

    @Test
    void anUnreadableRecordHidesTheEarlierOneUntilTheNext() {
        var unreadable =
                of(new Topic("orders", 1)).after(List.of(new News.Unreadable(MetaKey.topic("orders"), "format 2")));

        assertThat(unreadable.topic("orders")).isEmpty();
        assertThat(unreadable.isUnreadable(MetaKey.topic("orders"))).isTrue();
        assertThat(unreadable.after(List.of(new News.Written(new Topic("orders", 1)))))
                .isEqualTo(of(new Topic("orders", 1)));
    }

    @Test
    void theLogsOfATopicThatCannotBeReadAreThoseWithAnAssignment() {
        var state = of(new Topic("orders", 3), new Unowned(LOG, 4, "", NOTE))
                .after(List.of(new News.Unreadable(MetaKey.topic("orders"), "format 2")));

        assertThat(state.pchannels()).containsExactly(LOG);
    }

    @Test
    void reportsAreFoundByLog() {
        var ten = new PChannel("orders", 10);
        var state = of(status(LOG, "n1-a"), status(LOG, "n2-a"), status(ten, "n1-a"));

        assertThat(state.statuses(LOG)).extracting(Status::incarnation).containsExactly("n1-a", "n2-a");
        assertThat(state.status(ten, "n1-a")).isPresent();
        assertThat(state.status(ten, "n2-a")).isEmpty();
    }

    @Test
    void aSuspicionIsOverWithTheNextProcessOrBeat() {
        var suspicion = new Suspicion("n1", "n1-a", 0, "n2", NOW);

        assertThat(of(node("n1-a", 0), suspicion).suspicion("n1")).isPresent();
        assertThat(of(node("n1-a", 1), suspicion).suspicion("n1")).isEmpty();
        assertThat(of(node("n1-b", 0), suspicion).suspicion("n1")).isEmpty();
        assertThat(of(suspicion).suspicion("n1")).isEmpty();
    }

    @Test
    void aFreezeEndsAtItsTime() {
        var state = of(new Freeze(MetaKey.freezeAll(), "", Optional.of(NOW.plusSeconds(1)), NOW));

        assertThat(state.freeze(MetaKey.freezeAll(), NOW)).isPresent();
        assertThat(state.freeze(MetaKey.freezeAll(), NOW.plusSeconds(1))).isEmpty();
    }

    @Test
    void aTermIsNeverGivenOutAgain() {
        var owner = new Owner("n1", "n1-a");
        var unowned = new Unowned(LOG, 4, "", NOTE);

        assertThatThrownBy(() -> unowned.toOwned(4, owner, NOTE)).isInstanceOf(IllegalStateException.class);
        var owned = unowned.toOwned(5, owner, NOTE);
        assertThatThrownBy(() -> owned.toOwned(5, owner, 0, NOTE)).isInstanceOf(IllegalStateException.class);
        var releasing = owned.toReleasing("n2", NOTE);
        assertThatThrownBy(() -> releasing.toOwned(5, owner, NOTE)).isInstanceOf(IllegalStateException.class);
        assertThat(owned.toRetired(NOTE).toUnowned(NOTE).term()).isEqualTo(5);
        assertThatThrownBy(() -> unowned.toOwned(MetaRecord.MOST_TERM + 1, owner, NOTE))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void onlyTheProcessItselfIsTold() {
        var owned = new Unowned(LOG, 4, "", NOTE).toOwned(5, new Owner("n1", "n1-a"), NOTE);

        assertThat(owned.termFor(new Owner("n1", "n1-a"))).hasValue(5);
        assertThat(owned.termFor(new Owner("n1", "n1-b"))).isEmpty();
        assertThat(owned.toReleasing("n2", NOTE).termFor(new Owner("n1", "n1-a")))
                .isEmpty();
    }
}
