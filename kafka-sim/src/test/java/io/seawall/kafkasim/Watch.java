package io.seawall.kafkasim;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.WalException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Watches who opens what and whom that disturbs: a term has one owner, a hopeless opening knocks out nobody, rivals get their grace. */
final class Watch implements SimKafka.Events {
    private final World world;
    private final Set<Long> termsOpened = new HashSet<>();
    private final Map<SimProcess, Attempt> attempts = new HashMap<>();
    private final Map<SimProcess, Long> fencedAtUs = new HashMap<>();
    private long fences;
    private long staleReads;

    /** What could be known when an opening began. */
    private record Attempt(long term, boolean hopeless, int leaderEpoch) {}

    Watch(World world) {
        this.world = world;
    }

    void opening(Node node, long term) {
        fencedAtUs.remove(node.process());
        world.log().catchUp();
        var partition = world.partition();
        var hopeless = world.log().highestCommittedTerm() >= term
                && partition.deposed() == null
                && partition.answering() != null
                && node.openings() == 1
                && node.owned().isEmpty();
        attempts.put(node.process(), new Attempt(term, hopeless, partition.leaderEpoch()));
    }

    void opened(Node node, long term, @Nullable Throwable error) {
        if (node.openings() == 0) {
            attempts.remove(node.process());
        }
        if (error == null) {
            world.violations()
                    .check(termsOpened.add(term), () -> "P1: term " + term + " was opened a second time, by "
                            + node.process().name());
        } else {
            noBug("opening term " + term, error);
        }
    }

    void ended(Node node, WalException why) {
        noBug("a log of " + node.process().name(), why);
    }

    private void noBug(String what, Throwable error) {
        var bug = !(error instanceof WalException problem)
                || problem.code() == ErrorCode.INTERNAL
                || problem.code() == ErrorCode.DATA_LOSS;
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
        var fenced = fencedAtUs.get(process);
        var graceUs = World.SETTINGS.timeouts().rivalGrace().toNanos() / 1_000;
        if (attempt == null && fenced != null && world.loop().nowUs() < fenced + graceUs) {
            world.violations().report("liveness: " + process.name() + " takes " + transactionalId + " back "
                    + (world.loop().nowUs() - fenced) + " us after it was fenced, and gives a rival no grace");
        }
    }

    @Override
    public void fenced(SimProcess process, String transactionalId) {
        fences++;
        if (!attempts.containsKey(process)) {
            fencedAtUs.putIfAbsent(process, world.loop().nowUs());
        }
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
