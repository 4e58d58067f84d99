package io.seawall.coordinator.member;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class SuccessorsTest {
    @Test
    void theOrderDependsOnTheNodesAloneAndNotOnHowTheyAreListed() {
        assertThat(Successors.order("n4-x", List.of("n1", "n2", "n3")))
                .isEqualTo(Successors.order("n4-x", List.of("n3", "n1", "n2", "n1")))
                .containsExactlyInAnyOrder("n1", "n2", "n3");
    }

    @Test
    void aNodeThatIsMissingChangesNothingAboutTheOrderOfTheOthers() {
        var all = Successors.order("n9-x", List.of("n1", "n2", "n3", "n4", "n5"));
        for (var missing : all) {
            var left = new ArrayList<>(all);
            left.remove(missing);
            assertThat(Successors.order("n9-x", new HashSet<>(left))).isEqualTo(left);
        }
    }

    @Test
    void eachNodeIsTheFirstForSomeDeadProcesses() {
        var firsts = new int[3];
        for (var dead = 0; dead < 3_000; dead++) {
            var first =
                    Successors.order("n4-" + dead, List.of("n1", "n2", "n3")).get(0);
            firsts[first.charAt(1) - '1']++;
        }
        assertThat(firsts).satisfies(counts -> {
            for (var count : counts) {
                assertThat(count).isBetween(800, 1_200);
            }
        });
    }

    @Test
    void aSingleNodeIsItsOwnFirst() {
        assertThat(Successors.order("n2-x", List.of("n1"))).containsExactly("n1");
        assertThat(Successors.order("n2-x", List.of())).isEmpty();
    }
}
