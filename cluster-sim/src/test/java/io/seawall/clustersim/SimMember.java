package io.seawall.clustersim;

import io.seawall.coordinator.member.ClusterMember;
import io.seawall.coordinator.member.MemberPorts;
import io.seawall.coordinator.member.MemberSettings;
import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.coordinator.placement.Situation.Moment;
import io.seawall.kafkasim.SimProcess;
import io.seawall.lifetime.LifetimeSettings;
import io.seawall.lifetime.WalManager;
import io.seawall.node.cluster.ClusterLogs;
import io.seawall.wal.PChannel;
import io.seawall.walkafka.internal.runtime.Logs;
import io.seawall.walkafka.port.Ports;
import io.seawall.walkafka.settings.NodeIdentity;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/** One process of a node: the real member, lifetimes, logs and their follower, on simulated ports. */
final class SimMember {
    static final long TICK_MS = 100;
    private static final LifetimeSettings LIFETIMES =
            new LifetimeSettings(Duration.ofSeconds(40), Duration.ofSeconds(12), 8);
    private static final MemberSettings.Limits LIMITS = new MemberSettings.Limits(
            Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ofSeconds(6), Duration.ofSeconds(10), 100, 16);

    private final World world;
    private final Owner self;
    private final SimProcess process;
    private final MetaPort topic;
    private final GroupPort group;
    private final ClusterMember member;
    private final WalManager lifetimes;
    private final WatchedOpener opener;
    private final Logs logs;
    private final StorePort store;
    private final SimFlusher flusher;
    private long disturbedUntilMs;
    private boolean leaving;

    SimMember(World world, Owner self) {
        this.world = world;
        this.self = self;
        this.disturbedUntilMs = world.nowMs();
        this.process = world.kafka().process(self.incarnation());
        this.topic = new MetaPort(world, process);
        var sessionMs = World.PLACEMENT.absence().session().toMillis();
        this.group = new GroupPort(world, process, self.node(), sessionMs);
        var made = world.kafka().ports(process, world.settings());
        var lanes = new CountedLanes(made.producers());
        var ports = new Ports(
                lanes,
                made.cursors(),
                made.readerCursors(),
                made.topics(),
                (pchannel, offset) -> {
                    world.segments().onTrim(this, pchannel, offset);
                    return made.trimmer().deleteBelow(pchannel, offset);
                },
                made.flushOffsets(),
                made.platform());
        this.logs = Logs.on(ports, world.settings(), new NodeIdentity(self.incarnation(), () -> null), true);
        this.opener = new WatchedOpener(world, this, logs.opener(), lanes);
        this.store = new StorePort(world, this);
        this.flusher = new SimFlusher(world, this, store, logs.readers(), world.flushing(self.incarnation()));
        InstantSource clock = this::wall;
        this.lifetimes = new WalManager(opener, flusher, LIFETIMES, clock, SimThreads.of(process));
        this.member = new ClusterMember(
                new MemberSettings(self, "http://" + self.node(), World.PLACEMENT, true, LIMITS),
                new MemberPorts(topic, group, new SerialTasks(process), this::now, world::nonce, () -> {}));
        var follower = new ClusterLogs(self, lifetimes, member::report, clock, () -> process.elapsedMs() * 1_000_000);
        lifetimes.addListener(follower);
        member.addListener(follower);
        member.start();
        process.after(TICK_MS, this::tick);
    }

    Instant wall() {
        return Instant.ofEpochMilli(process.wallMs());
    }

    private Moment now() {
        return new Moment(process.elapsedMs(), wall());
    }

    private void tick() {
        member.tick();
        process.after(TICK_MS, this::tick);
    }

    Owner self() {
        return self;
    }

    SimProcess process() {
        return process;
    }

    MetaPort topic() {
        return topic;
    }

    GroupPort group() {
        return group;
    }

    ClusterMember member() {
        return member;
    }

    WalManager lifetimes() {
        return lifetimes;
    }

    Logs logs() {
        return logs;
    }

    SimFlusher flusher() {
        return flusher;
    }

    /** Returns the logs that are open here, with their terms. */
    Map<PChannel, Long> open() {
        return opener.open();
    }

    boolean isLeaving() {
        return leaving;
    }

    void leave() {
        leaving = true;
        member.leave();
    }

    /** Notes that the process cannot be held to its duties until then. */
    void disturbed(long untilMs) {
        disturbedUntilMs = Math.max(disturbedUntilMs, untilMs);
    }

    /** Returns since when nothing happened to this process. */
    long undisturbedSinceMs() {
        return disturbedUntilMs;
    }

    void pause(long forMs) {
        world.tell(() -> self + " is paused for " + forMs);
        disturbed(world.nowMs() + forMs);
        process.pause();
        world.after(forMs, process::resume);
    }

    /** Cuts the process off from all of Kafka. */
    void cutOff(long forMs) {
        world.tell(() -> self + " is cut off from Kafka for " + forMs);
        disturbed(world.nowMs() + forMs);
        process.cutOff(true);
        world.after(forMs, () -> process.cutOff(false));
    }

    void deaf(long forMs) {
        world.tell(() -> self + " is cut off from the meta topic for " + forMs);
        disturbed(world.nowMs() + forMs);
        topic.cut(true);
        world.after(forMs, () -> topic.cut(false));
    }

    /** Stops only the reading of the meta topic. */
    void blind(long forMs) {
        world.tell(() -> self + " reads nothing for " + forMs);
        disturbed(world.nowMs() + forMs);
        topic.blind(true);
        world.after(forMs, () -> topic.blind(false));
    }

    /** Cuts the process off from the segment store; it owns its logs as before. */
    void storeless(long forMs) {
        world.tell(() -> self + " is cut off from the store for " + forMs);
        store.cut(true);
        world.after(forMs, () -> store.cut(false));
    }

    void lonely(long forMs) {
        world.tell(() -> self + " is cut off from the group for " + forMs);
        disturbed(world.nowMs() + forMs);
        group.cut(true);
        world.after(forMs, () -> group.cut(false));
    }

    void heal() {
        disturbedUntilMs = Math.min(disturbedUntilMs, world.nowMs());
        process.cutOff(false);
        topic.cut(false);
        topic.blind(false);
        group.cut(false);
        store.cut(false);
        process.resume();
    }
}
