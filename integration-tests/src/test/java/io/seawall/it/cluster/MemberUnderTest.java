package io.seawall.it.cluster;

import io.seawall.coordinator.kafka.ClusterConnection;
import io.seawall.coordinator.kafka.KafkaClusterMember;
import io.seawall.coordinator.member.ClusterMember;
import io.seawall.coordinator.member.ClusterView;
import io.seawall.coordinator.member.MemberSettings;
import io.seawall.coordinator.meta.Assignment;
import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.coordinator.meta.MetaRecord.Condition;
import io.seawall.coordinator.meta.MetaRecord.Status;
import io.seawall.wal.PChannel;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** A member that reports each log that it has to open as open at once, and each other one as released. */
final class MemberUnderTest implements AutoCloseable {
    private final Owner self;
    private final ClusterMember member;
    private final Map<PChannel, Long> open = new HashMap<>(); // used by the member's thread only

    private MemberUnderTest(Owner self, ClusterMember member) {
        this.self = self;
        this.member = member;
    }

    static MemberUnderTest join(ClusterConnection connection, String node, String incarnation) {
        return join(connection, MemberSettings.of(new Owner(node, incarnation), "http://" + node));
    }

    static MemberUnderTest join(ClusterConnection connection, MemberSettings settings) {
        var made = new MemberUnderTest(settings.self(), KafkaClusterMember.join(connection, settings));
        made.member.addListener(made::onView);
        return made;
    }

    String node() {
        return self.node();
    }

    Owner self() {
        return self;
    }

    ClusterMember member() {
        return member;
    }

    ClusterView view() {
        return member.view();
    }

    private void onView(ClusterView view) {
        if (view.current()) {
            view.state().assignments().forEach(this::follow);
        }
    }

    private void follow(Assignment assignment) {
        var pchannel = assignment.pchannel();
        var wanted = assignment.termFor(self);
        var known = open.getOrDefault(pchannel, -1L);
        if (wanted.isPresent() && wanted.getAsLong() > known) {
            open.put(pchannel, wanted.getAsLong());
            report(pchannel, wanted.getAsLong(), Condition.OPENING);
            report(pchannel, wanted.getAsLong(), Condition.AVAILABLE);
        } else if (wanted.isEmpty() && known >= 0 && assignment.term() >= known) {
            open.remove(pchannel);
            report(pchannel, known, Condition.RELEASED);
        }
    }

    private void report(PChannel pchannel, long term, Condition condition) {
        member.report(new Status(pchannel, self.incarnation(), term, condition, "", "", -1, "", 0, Instant.now()));
    }

    @Override
    public void close() {
        member.close();
    }
}
