package io.seawall.coordinator.member;

import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.coordinator.meta.MetaRecord.Condition;
import io.seawall.coordinator.meta.MetaRecord.Coordinator;
import io.seawall.coordinator.meta.MetaRecord.Node;
import io.seawall.coordinator.meta.MetaRecord.Status;
import io.seawall.coordinator.placement.PlacementSettings;
import io.seawall.coordinator.placement.Situation.Hint;
import io.seawall.coordinator.placement.Situation.Moment;
import io.seawall.wal.PChannel;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;

/** Node n1 as a member, in one thread: tasks run when the test says so, and time passes in ticks of 100 ms. */
final class MemberLab {
    static final Instant START = Instant.parse("2026-11-30T08:00:00Z");
    static final Owner SELF = new Owner("n1", "n1-a");

    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final FakeTopic topic = new FakeTopic();
    private final FakeGroup group = new FakeGroup();
    private final List<ClusterView> views = new ArrayList<>();
    private final ClusterMember member;
    private long nowMs;
    private int nonces;
    private boolean stopped;

    MemberLab() {
        this(MemberSettings.of(SELF, "http://n1"));
    }

    MemberLab(MemberSettings settings) {
        var ports = new MemberPorts(topic, group, this::enqueue, this::now, this::nonce, () -> stopped = true);
        member = new ClusterMember(settings, ports);
        member.addListener(views::add);
        member.start();
    }

    static MemberSettings settings(boolean hints, MemberSettings.Limits limits) {
        return new MemberSettings(SELF, "http://n1", PlacementSettings.DEFAULTS, hints, limits);
    }

    private void enqueue(Runnable task) {
        if (stopped) {
            throw new RejectedExecutionException("stopped");
        }
        tasks.add(task);
    }

    private Moment now() {
        return new Moment(nowMs, START.plusMillis(nowMs));
    }

    private String nonce() {
        nonces++;
        return "nonce-" + nonces;
    }

    long nowMs() {
        return nowMs;
    }

    ClusterMember member() {
        return member;
    }

    FakeTopic topic() {
        return topic;
    }

    FakeGroup group() {
        return group;
    }

    /** Returns what a listener was shown, oldest first. */
    List<ClusterView> views() {
        return views;
    }

    String role() {
        return member.view().role();
    }

    boolean isStopped() {
        return stopped;
    }

    /** Runs all tasks, and those that follow from them; what is written is not read meanwhile. */
    void run() {
        for (var task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /** Runs all tasks, and lets the member read what it writes, until there is nothing to do. Time stands still. */
    void settle() {
        run();
        while (topic.deliver()) {
            run();
        }
    }

    /** Lets time pass without reading. */
    void passDeaf(long ms) {
        for (var end = nowMs + ms; nowMs < end; ) {
            nowMs += Math.min(100, end - nowMs);
            member.tick();
            run();
        }
    }

    void pass(long ms) {
        for (var end = nowMs + ms; nowMs < end; ) {
            nowMs += Math.min(100, end - nowMs);
            member.tick();
            settle();
        }
    }

    /** The member has read the topic up to its end, and is in the group. */
    MemberLab joined() {
        topic.deliverCurrent(true);
        group.listener().onJoined("m-1");
        settle();
        return this;
    }

    /** The member coordinates, alone in its group. */
    MemberLab leading() {
        joined();
        group.members("n1");
        group.listener().onElected();
        settle();
        return this;
    }

    void elect() {
        group.listener().onElected();
        settle();
    }

    static Node node(String id, String incarnation) {
        return new Node(id, incarnation, 0, "http://" + id, false, START);
    }

    static Coordinator coordinator(String node, String nonce) {
        return new Coordinator(node, node + "-a", nonce, 0, START);
    }

    static Hint hint(String node) {
        return new Hint(node, node + "-a", "n1");
    }

    static Status status(int partition, long term, Condition condition) {
        return new Status(new PChannel("t", partition), "n1-a", term, condition, "", "", -1, "", 0, START);
    }
}
