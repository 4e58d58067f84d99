package io.seawall.kafkasim;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.WalException;
import io.seawall.walkafka.port.LaneFault;
import io.seawall.walkafka.port.LaneProducer.Outgoing;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Checks openings and their effect on others: a term has one owner, a hopeless opening fences nobody, and rivals get their
 * grace period.
 */
final class Watch implements SimKafka.Events {
    private static final long NONE = -1;
    private static final long SEVERAL = -2;

    private final SimWorld world;
    private final Set<Long> termsOpened = new HashSet<>();
    private final Map<SimProcess, Attempt> attempts = new HashMap<>();
    private final Map<SimProcess, SimNode> nodes = new HashMap<>();
    private final Map<SimProcess, Holding> holdings = new HashMap<>();
    private long fences;
    private long staleReads;
    private boolean lossesExpected;

    /** The state at the start of an opening. */
    private record Attempt(long term, boolean hopeless, int leaderEpoch) {}

    Watch(SimWorld world) {
        this.world = world;
    }

    /** The state of a process and its log since it last requested a transactional id. */
    private static final class Holding {
        private final long epochBefore;
        private boolean failed;
        private long fencedAtUs = -1;

        Holding(long epochBefore) {
            this.epochBefore = epochBefore;
        }
    }

    void opening(SimNode node, long term) {
        nodes.put(node.process(), node);
        holdings.remove(node.process());
        world.log().catchUp();
        var partition = world.partition();
        var hopeless = world.log().highestCommittedTerm() >= term
                && partition.deposed() == null
                && partition.answering() != null
                && node.openings() == 1
                && node.owned().isEmpty();
        attempts.put(node.process(), new Attempt(term, hopeless, partition.leaderEpoch()));
    }

    void opened(SimNode node, long term, @Nullable Throwable error) {
        if (node.openings() == 0) {
            attempts.remove(node.process());
        }
        if (error == null) {
            world.violations()
                    .check(
                            termsOpened.add(term),
                            () -> "P1: term " + term + " was opened a second time, by "
                                    + node.process().name());
        } else {
            noBug("opening term " + term, error);
        }
    }

    void ended(SimNode node, WalException why) {
        noBug("a log of " + node.process().name(), why);
    }

    /** Accepts from now on that a log ends with DATA_LOSS. */
    void expectLosses() {
        lossesExpected = true;
    }

    private void noBug(String what, Throwable error) {
        var bug = !(error instanceof WalException problem)
                || problem.code() == ErrorCode.INTERNAL
                || (problem.code() == ErrorCode.DATA_LOSS && !lossesExpected);
        world.violations().check(!bug, () -> what + " ends with " + error);
    }

    @Override
    public void initializing(SimProcess process, String transactionalId) {
        var attempt = attempts.get(process);
        var partition = world.partition();
        if (attempt != null && attempt.hopeless() && partition.leaderEpoch() == attempt.leaderEpoch()) {
            world.violations()
                    .report("liveness: " + process.name() + " takes " + transactionalId + " for term " + attempt.term()
                            + " although the log had shown term " + world.log().highestCommittedTerm());
        }
        graceGiven(process, transactionalId);
        holdings.put(process, new Holding(epoch(nodes.get(process))));
    }

    private void graceGiven(SimProcess process, String transactionalId) {
        var holding = holdings.get(process);
        var graceUs = world.settings().timeouts().rivalGrace().toNanos() / 1_000;
        if (holding != null && holding.fencedAtUs >= 0 && world.loop().nowUs() < holding.fencedAtUs + graceUs) {
            world.violations()
                    .report("liveness: " + process.name() + " takes " + transactionalId + " back "
                            + (world.loop().nowUs() - holding.fencedAtUs)
                            + " us after it was fenced, and gives a rival no grace");
        }
    }

    /** Checks that a process gives a rival its grace period if its open log was fenced: its first failure, and its only log. */
    @Override
    public void failed(SimProcess process, String transactionalId, LaneFault.Kind kind) {
        fences += kind == LaneFault.Kind.FENCED ? 1 : 0;
        var holding = holdings.get(process);
        var node = nodes.get(process);
        if (holding != null && node != null && !holding.failed && !attempts.containsKey(process)) {
            holding.failed = true;
            // A takeover in progress is not an open log: a process that is fenced in it starts again after a short
            // pause. Its owner uses the earlier epoch until the takeover is complete, even if one of its earlier
            // transactions is committed late.
            var open = epoch(node) >= 0 && holding.epochBefore != SEVERAL && epoch(node) != holding.epochBefore;
            holding.fencedAtUs =
                    open && kind == LaneFault.Kind.FENCED ? world.loop().nowUs() : -1;
        }
    }

    /**
     * Returns the epoch of the one log that a node owns; {@link #NONE} if it owns none, {@link #SEVERAL} if it owns more than
     * one.
     */
    private static long epoch(@Nullable SimNode node) {
        var owned = node == null ? List.<Opened>of() : node.owned();
        return switch (owned.size()) {
            case 0 -> NONE;
            case 1 -> owned.get(0).wal().epoch();
            default -> SEVERAL;
        };
    }

    /** Checks that the unacknowledged records of a producer fit the window; Seawall's own records come on top. */
    @Override
    public void sending(SimProcess process, String transactionalId, Stream<Outgoing> unacknowledged) {
        var bytes = unacknowledged
                .filter(Watch::isAppend)
                .mapToLong(record -> record.data().sizeBytes())
                .sum();
        var window = world.settings().limits().windowBytes();
        world.violations()
                .check(
                        bytes <= window,
                        () -> "bound: " + process.name() + " has " + bytes
                                + " bytes of appends in flight, with a window of " + window);
    }

    private static boolean isAppend(Outgoing record) {
        var header = Stamped.read(record.wal());
        return header != null && header.kind() == Stamped.Kind.DATA && !header.copy();
    }

    @Override
    public void staleRead(SimProcess process) {
        staleReads++;
    }

    long fences() {
        return fences;
    }

    long staleReads() {
        return staleReads;
    }
}
