package io.seawall.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ViewWaitsTest {
    private final StubCluster cluster = new StubCluster();
    private final ViewWaits waits = new ViewWaits(cluster::view);

    @BeforeEach
    void follow() {
        cluster.addListener(waits);
    }

    @Test
    void endsAtOnceIfTheGoalIsMet() {
        assertThat(waits.until(view -> view.current())).isCompleted();
    }

    @Test
    void endsAtTheFirstViewThatMeetsTheGoal() {
        var led = waits.until(view -> view.leading());
        var left = waits.until(view -> view.memberId().isEmpty());

        cluster.leads("n1");

        assertThat(led).isCompleted();
        assertThat(left).isNotDone();
    }

    @Test
    void forgetsAWaitThatItsCallerGaveUp() {
        var looks = new int[1];
        var wait = waits.until(view -> {
            looks[0]++;
            return false;
        });
        wait.cancel(false);
        var before = looks[0];

        cluster.leads("n1");

        assertThat(looks[0]).isEqualTo(before);
    }
}
