package io.seawall.it.faults;

import io.seawall.wal.PChannel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts how often leaders of partitions and coordinators of lanes move, so that a test knows that its faults had an effect.
 * Counts leaders by their epochs, so that it misses none. Coordinators have no epochs, so it counts them each time that it
 * finds them on another broker.
 */
final class ClusterWatch implements AutoCloseable {
    private static final long PERIOD_MS = 200;

    private final FaultyKafka kafka;
    private final List<PChannel> pchannels;
    private final Map<String, Integer> last = new HashMap<>(); // used by the timer thread only
    private final int epochsBefore;
    private final AtomicInteger coordinatorMoves = new AtomicInteger();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "cluster-watch");
        thread.setDaemon(true);
        return thread;
    });

    ClusterWatch(FaultyKafka kafka, List<PChannel> pchannels) {
        this.kafka = kafka;
        this.pchannels = pchannels;
        this.epochsBefore = epochs();
        var unused = timer.scheduleWithFixedDelay(this::look, 0, PERIOD_MS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        for (var pchannel : pchannels) {
            try {
                for (var lane : List.of("a", "b")) {
                    var coordinator = kafka.transaction(pchannel, lane).coordinatorId();
                    note("coordinator of " + pchannel + "-" + lane, coordinator, coordinatorMoves);
                }
            } catch (IllegalStateException nobodyAnswers) {
                return; // asks again at the next period
            }
        }
    }

    private void note(String what, int where, AtomicInteger moves) {
        var before = last.put(what, where);
        if (before != null && before != where) {
            moves.incrementAndGet();
        }
    }

    /** Returns the number of leader changes. Asks the leaders, so every broker has to be up. */
    int leaderChanges() {
        return epochs() - epochsBefore;
    }

    private int epochs() {
        return pchannels.stream().mapToInt(kafka::leaderEpoch).sum();
    }

    int coordinatorMoves() {
        return coordinatorMoves.get();
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
