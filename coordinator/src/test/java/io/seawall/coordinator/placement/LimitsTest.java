package io.seawall.coordinator.placement;

import static io.seawall.coordinator.placement.Scene.log;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.coordinator.meta.MetaKey;
import io.seawall.coordinator.meta.News;
import io.seawall.coordinator.meta.Reason;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Many logs, odd clocks, long texts, and records of other versions. */
class LimitsTest {
    @Test
    void aColdStartWaitsThoughTheClockIsBelowZero() {
        // As System.nanoTime may be.
        var scene = new Scene();
        scene.pass(Duration.ofDays(-100));
        scene.topic("t", 4);
        scene.start("n1");
        scene.run(Duration.ofMillis(800));
        scene.start("n2");
        scene.run(Duration.ofMillis(800));
        assertThat(scene.given()).isZero();

        scene.run(Duration.ofSeconds(3));

        assertThat(scene.loads()).containsEntry("n1", 2).containsEntry("n2", 2);
    }

    @Test
    void logsOfANodeThatCannotBeReadStayOnlyWhileTheGroupHasIt() {
        // The first node of a rolling upgrade dies, and the coordinator is still of the former version.
        var scene = Scene.steady(6, "n1", "n2", "n3");
        scene.tell(new News.Unreadable(MetaKey.node("n2"), "format 2"));
        scene.run(Duration.ofMinutes(1));
        assertThat(scene.decided()).isEmpty();

        scene.drop("n2");
        scene.run(Duration.ofSeconds(10));

        assertThat(scene.decisions(Reason.OWNER_GONE)).isEqualTo(2);
        assertThat(scene.loads()).containsEntry("n1", 3).containsEntry("n3", 3);
    }

    @Test
    void aLogWhoseOwnerReportsInALaterFormatStays() {
        var scene = Scene.steady(4, "n1", "n2");
        var owned = scene.owned(log(0));
        scene.silent(owned.home());
        scene.tell(new News.Unreadable(MetaKey.status(log(0), owned.owner().incarnation()), "format 2"));

        scene.run(Duration.ofMinutes(1));

        assertThat(scene.decided()).isEmpty();
        assertThat(scene.waits(log(0))).contains("reports in a format that this version cannot read");
    }
}
