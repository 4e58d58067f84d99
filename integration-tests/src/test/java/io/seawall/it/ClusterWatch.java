package io.seawall.it;

import io.seawall.wal.PChannel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts how often leaders of partitions and coordinators of lanes move, so that a test knows that its faults had an effect. */
final class ClusterWatch implements AutoCloseable {
    private static final long PERIOD_MS = 200;

    private final FaultyKafka kafka;
    private final List<PChannel> pchannels;
    private final Map<String, Integer> last = new HashMap<>(); // timer thread only
    private final AtomicInteger leaderChanges = new AtomicInteger();
    private final AtomicInteger coordinatorMoves = new AtomicInteger();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "cluster-watch");
        thread.setDaemon(true);
        return thread;
    });

    ClusterWatch(FaultyKafka kafka, List<PChannel> pchannels) {
        this.kafka = kafka;
        this.pchannels = pchannels;
        var unused = timer.scheduleWithFixedDelay(this::look, 0, PERIOD_MS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        for (var pchannel : pchannels) {
            try {
                note("leader of " + pchannel, kafka.leader(pchannel), leaderChanges);
                for (var lane : List.of("a", "b")) {
                    var coordinator = kafka.transaction(pchannel, lane).coordinatorId();
                    note("coordinator of " + pchannel + "-" + lane, coordinator, coordinatorMoves);
                }
            } catch (IllegalStateException nobodyAnswers) {
                return; // looked at again in a moment
            }
        }
    }

    private void note(String what, int where, AtomicInteger moves) {
        var before = last.put(what, where);
        if (before != null && before != where) {
            moves.incrementAndGet();
        }
    }

    int leaderChanges() {
        return leaderChanges.get();
    }

    int coordinatorMoves() {
        return coordinatorMoves.get();
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
