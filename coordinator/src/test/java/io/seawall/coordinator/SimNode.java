package io.seawall.coordinator;

import io.seawall.coordinator.meta.Assignment;
import io.seawall.coordinator.meta.Assignment.Owner;
import io.seawall.coordinator.meta.MetaRecord.Condition;
import io.seawall.coordinator.meta.MetaRecord.Node;
import io.seawall.coordinator.meta.MetaRecord.Status;
import io.seawall.coordinator.meta.News;
import io.seawall.coordinator.placement.Command;
import io.seawall.coordinator.placement.Planner;
import io.seawall.coordinator.placement.Situation.Hint;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One process of a node: its coordinator, what it has open, and its connections to the group and the meta topic. */
final class SimNode {
    private static final long GIVES_UP_MS = 3_000;
    private static final int FLAPPING = 3;

    private final SimWorld world;
    private final long startedMs;
    private final Owner self;
    private final Map<PChannel, Lifetime> lifetimes = new TreeMap<>();
    private final List<Runnable> inFlight = new ArrayList<>();
    private final Map<String, Integer> epochs = new TreeMap<>();
    private final List<Hint> hints = new ArrayList<>();
    private final List<Long> flapsMs = new ArrayList<>();
    private Coordinator coordinator;
    private long position;
    private long beat;
    private boolean announced;
    private boolean leaving;
    private long pausedUntilMs;
    private long deafUntilMs;
    private long lonelyUntilMs;
    private long readAtMs;
    private long joinAtMs = -1;
    private String memberId = "";

    SimNode(SimWorld world, Owner self, Planner planner) {
        this.world = world;
        this.self = self;
        this.startedMs = world.nowMs();
        flapsMs.add(startedMs);
        this.coordinator = Coordinator.create(self, planner);
    }

    /** What one log does here. */
    private static final class Lifetime {
        private final long term;
        private Condition condition = Condition.OPENING;
        private long dueMs;
        private long openedMs;
        private boolean closing;

        private Lifetime(long term, long dueMs) {
            this.term = term;
            this.dueMs = dueMs;
        }
    }

    Owner self() {
        return self;
    }

    Coordinator coordinator() {
        return coordinator;
    }

    boolean isCaughtUp() {
        return position == world.topic().end();
    }

    void pause(long untilMs) {
        pausedUntilMs = untilMs;
        world.tell(self + " is paused until " + untilMs);
    }

    /** Reads nothing from the meta topic. */
    void deaf(long untilMs) {
        deafUntilMs = untilMs;
        world.tell(self + " reads nothing until " + untilMs);
    }

    /** Sends no heartbeats. */
    void lonely(long untilMs) {
        lonelyUntilMs = untilMs;
        world.tell(self + " sends no heartbeats until " + untilMs);
    }

    void leave() {
        if (!leaving) {
            leaving = true;
            announce();
        }
    }

    boolean isLeaving() {
        return leaving;
    }

    /** Returns since when nothing happened to this process. */
    long undisturbedSinceMs() {
        var lastMs = Math.max(startedMs, Math.max(pausedUntilMs, Math.max(deafUntilMs, lonelyUntilMs)));
        return leaving ? Long.MAX_VALUE : lastMs;
    }

    /** Returns whether so many starts, joins and wrong suspicions came in a row, up to now, that no grace is due. */
    boolean isFlapping(long withinMs) {
        var laterMs = world.nowMs();
        for (var back = 1; back <= FLAPPING; back++) {
            if (back > flapsMs.size() || laterMs - flapsMs.get(flapsMs.size() - back) > withinMs) {
                return false;
            }
            laterMs = flapsMs.get(flapsMs.size() - back);
        }
        return true;
    }

    boolean hasOpenLogs() {
        return !lifetimes.isEmpty();
    }

    void heal() {
        pausedUntilMs = Math.min(pausedUntilMs, world.nowMs());
        deafUntilMs = Math.min(deafUntilMs, world.nowMs());
        lonelyUntilMs = Math.min(lonelyUntilMs, world.nowMs());
    }

    void hint(Hint hint) {
        hints.add(hint);
    }

    /** Returns whether a log is open here at a term. */
    boolean hasOpen(PChannel pchannel, long term) {
        var lifetime = lifetimes.get(pchannel);
        return lifetime != null && lifetime.term == term && lifetime.condition == Condition.AVAILABLE;
    }

    void step() {
        if (world.nowMs() < pausedUntilMs) {
            return;
        }
        if (world.nowMs() >= lonelyUntilMs) {
            heartbeat();
        }
        if (!announced) {
            announced = true;
            announce();
        }
        var due = List.copyOf(inFlight);
        inFlight.clear();
        due.forEach(Runnable::run);
        read();
        elect();
        lifetimes.forEach(this::live);
        lifetimes
                .values()
                .removeIf(
                        lifetime -> lifetime.condition == Condition.RELEASED || lifetime.condition == Condition.FAILED);
        var observation = world.observation(memberId, List.copyOf(hints));
        hints.clear();
        take(coordinator.onObservation(observation));
    }

    /** A node that is not in the group, or not any more, takes a moment to join. */
    private void heartbeat() {
        var now = world.nowMs();
        if (!memberId.isEmpty() && world.group().contains(self.node())) {
            world.group().heartbeat(self.node(), now);
            return;
        }
        memberId = "";
        joinAtMs = joinAtMs < 0 ? now + world.joinMs() : joinAtMs;
        if (now >= joinAtMs) {
            joinAtMs = -1;
            memberId = world.group().join(self.node(), now);
            flapsMs.add(now);
            world.tell(self + " joins as " + memberId);
        }
    }

    private void announce() {
        world.topic()
                .append(new Node(
                        self.node(), self.incarnation(), beat, "http://" + self.node(), leaving, world.wall()));
    }

    private void read() {
        if (world.nowMs() < deafUntilMs || world.nowMs() < readAtMs) {
            return;
        }
        readAtMs = world.nowMs() + world.readPauseMs();
        var end = world.topic().end();
        var news = new ArrayList<News>();
        world.topic().from(position, end).forEach(entry -> entry.news().ifPresent(news::add));
        position = end;
        if (news.isEmpty()) {
            return;
        }
        take(coordinator.onNews(news));
        var suspicion = coordinator.state().suspicion(self.node());
        if (suspicion.isPresent() && suspicion.get().incarnation().equals(self.incarnation())) {
            beat = suspicion.get().beat() + 1;
            flapsMs.add(world.nowMs());
            announce();
        }
        for (var each : news) {
            if (each instanceof News.Written written && written.value() instanceof Assignment assignment) {
                follow(assignment);
            }
        }
    }

    /** What a node does with an assignment: a higher term for itself opens, everything else closes what is open. */
    private void follow(Assignment assignment) {
        var pchannel = assignment.pchannel();
        var wanted = assignment.termFor(self);
        var known = lifetimes.get(pchannel);
        if (wanted.isPresent()) {
            if (known == null || known.term < wanted.getAsLong()) {
                lifetimes.put(pchannel, new Lifetime(wanted.getAsLong(), world.nowMs() + world.openingMs(pchannel)));
                report(pchannel, lifetimes.get(pchannel), "", "", 0);
            }
        } else if (known != null && known.term <= assignment.term() && !known.closing) {
            known.closing = true;
            known.dueMs = world.nowMs() + world.closingMs();
        }
    }

    private void live(PChannel pchannel, Lifetime lifetime) {
        var log = world.log(pchannel);
        if (lifetime.closing) {
            if (world.nowMs() >= lifetime.dueMs) {
                end(pchannel, lifetime, Condition.RELEASED, "", "");
            }
        } else if (lifetime.condition == Condition.OPENING) {
            if (world.nowMs() >= lifetime.dueMs) {
                open(pchannel, lifetime, log);
            }
        } else if (log.highest() > lifetime.term) {
            end(pchannel, lifetime, Condition.FAILED, "FENCED", log.holder());
        } else if (log.fails(world.nowMs())) {
            end(pchannel, lifetime, Condition.FAILED, "UNAVAILABLE", "");
        }
    }

    private void open(PChannel pchannel, Lifetime lifetime, SimLog log) {
        if (log.isLost()) {
            end(pchannel, lifetime, Condition.FAILED, "DATA_LOSS", "");
        } else if (log.fails(world.nowMs())) {
            end(pchannel, lifetime, Condition.FAILED, "UNAVAILABLE", "");
        } else if (!log.claim(lifetime.term, self.incarnation())) {
            end(pchannel, lifetime, Condition.FAILED, "TERM_EXPIRED", log.holder());
        } else {
            lifetime.condition = Condition.AVAILABLE;
            lifetime.openedMs = world.nowMs();
            report(pchannel, lifetime, "", "", 0);
        }
    }

    private void end(PChannel pchannel, Lifetime lifetime, Condition condition, String code, String rival) {
        var servedMs = lifetime.condition == Condition.AVAILABLE ? world.nowMs() - lifetime.openedMs : 0;
        lifetime.condition = condition;
        report(pchannel, lifetime, code, rival, servedMs);
    }

    private void report(PChannel pchannel, Lifetime lifetime, String code, String rival, long servedMs) {
        var seen = code.equals("FENCED") || code.equals("TERM_EXPIRED")
                ? world.log(pchannel).highest()
                : -1;
        world.topic()
                .append(new Status(
                        pchannel,
                        self.incarnation(),
                        lifetime.term,
                        lifetime.condition,
                        code,
                        "",
                        seen,
                        rival,
                        servedMs,
                        world.wall()));
    }

    private void elect() {
        var holds = world.nowMs() >= lonelyUntilMs
                && !memberId.isEmpty()
                && world.group().holder().equals(self.node());
        if (holds && coordinator.role().equals("follower")) {
            take(coordinator.onElected(world.nonce()));
        } else if (!holds
                && world.nowMs() >= lonelyUntilMs
                && !coordinator.role().equals("follower")) {
            take(coordinator.onDeposed());
        }
    }

    private void take(Coordinator.Step step) {
        coordinator = step.next();
        for (var action : step.actions()) {
            if (action instanceof Action.TakeId take) {
                epochs.put(take.nonce(), world.topic().takeId());
                inFlight.add(() -> take(coordinator.onIdTaken(
                        take.nonce(), world.observation(memberId, List.of()).now())));
            } else if (action instanceof Action.Write write) {
                send(write);
            }
        }
    }

    /** The request may arrive late, also after this process is dead or paused; its answer may be lost. */
    private void send(Action.Write write) {
        var writeMs = world.writeMs();
        if (writeMs > GIVES_UP_MS) {
            world.later(GIVES_UP_MS, () -> inFlight.add(() -> failed(write, "no answer")));
        }
        world.later(writeMs, () -> {
            var accepted = world.topic().accepts(epochs.getOrDefault(write.nonce(), -1));
            if (accepted) {
                world.commit(self, write.changes());
            } else {
                world.count("fenced writes");
            }
            if (!accepted || world.answerIsLost()) {
                inFlight.add(() -> failed(write, accepted ? "the answer was lost" : "fenced"));
            }
        });
    }

    private void failed(Action.Write write, String why) {
        take(coordinator.onWriteFailed(write.nonce(), why));
    }

    /** Asks for a change; returns whether it was taken. */
    boolean ask(Command command) {
        try {
            take(coordinator.onCommand(command, world.observation(memberId, List.of())));
            return true;
        } catch (WalException refused) {
            return false;
        }
    }
}
