package io.seawall.it.cluster;

import io.seawall.it.kit.AppendConnection;
import io.seawall.it.kit.History;
import io.seawall.wal.PChannel;
import io.seawall.wal.WriterSeq;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A writer session of one log that follows redirects, and sends each value again until it is acknowledged: to the node that
 * took the last one, and to the next node of the list when that one is gone or refuses. Measures the time between acknowledgements.
 */
final class FollowingWriter {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final PChannel pchannel;
    private final Supplier<List<String>> urls;
    private final History history;
    private final Pace pace;
    private final List<String> failures = new ArrayList<>(); // guarded by this
    private WriterSeq next;
    private int turn;
    private long sinceNanos = System.nanoTime(); // guarded by this, as the following
    private long longestNanos;
    private Answer last = new Answer(-1, System.nanoTime());
    private @Nullable Answer firstAbove;
    private long floor = Long.MAX_VALUE;
    private volatile boolean stopped;

    /**
     * How fast a writer appends.
     *
     * @param pause how long it rests after each acknowledgement
     * @param patience how long it waits for an answer, until it asks another node
     */
    record Pace(Duration pause, Duration patience) {
        /** Waits as long as HTTP clients usually do. */
        static Pace of(Duration pause) {
            return new Pace(pause, Duration.ofMinutes(1));
        }
    }

    /** An acknowledgement: its term, and when it came. */
    record Answer(long term, long nanos) {}

    /**
     * Creates a writer.
     *
     * @param pchannel the log
     * @param urls the nodes to try
     * @param history records the outcomes
     * @param pace how fast it appends
     */
    FollowingWriter(PChannel pchannel, Supplier<List<String>> urls, History history, Pace pace) {
        this.pchannel = pchannel;
        this.urls = urls;
        this.history = history;
        this.pace = pace;
        this.next = new WriterSeq("writer-" + pchannel, 0);
    }

    PChannel pchannel() {
        return pchannel;
    }

    /** Appends until it is stopped, and then until its last value is acknowledged. */
    void run() {
        var pending = false;
        var url = someUrl();
        while (pending || !stopped) {
            try (var connection =
                    new AppendConnection(url, (int) pace.patience().toMillis())) {
                var stays = true;
                while (stays && (pending || !stopped)) {
                    pending = true;
                    var outcome = connection.append(pchannel, next.toString(), next);
                    if (outcome.isAcknowledged()) {
                        acknowledged(outcome);
                        pending = false;
                        LockSupport.parkNanos(pace.pause().toNanos());
                    } else if (!outcome.redirect().isEmpty()) {
                        stays = outcome.redirect().equals(url);
                        url = outcome.redirect();
                    } else {
                        failed(url, outcome.text());
                        url = someUrl();
                        stays = false;
                        LockSupport.parkNanos(PAUSE_NANOS);
                    }
                }
            } catch (IOException gone) {
                url = someUrl();
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private String someUrl() {
        var all = urls.get();
        turn++;
        return all.get(Math.floorMod(turn, all.size()));
    }

    private synchronized void acknowledged(AppendConnection.Outcome outcome) {
        history.acknowledged(pchannel, outcome.lsn(), next.toString());
        next = new WriterSeq(next.id(), next.seq() + 1);
        var nowNanos = System.nanoTime();
        longestNanos = Math.max(longestNanos, nowNanos - Math.max(sinceNanos, last.nanos()));
        last = new Answer(outcome.term(), nowNanos);
        if (outcome.term() > floor && firstAbove == null) {
            firstAbove = last;
        }
    }

    private synchronized void failed(String url, String text) {
        if (failures.size() < 100) {
            failures.add(url + " " + pchannel + ": " + text);
        }
    }

    /** Begins to measure: the longest pause from now on, and the first acknowledgement of a term above the last one. */
    synchronized void mark() {
        sinceNanos = System.nanoTime();
        longestNanos = 0;
        floor = last.term();
        firstAbove = null;
    }

    /** Returns the first acknowledgement of a higher term since the mark; null if there was none. */
    synchronized @Nullable Answer firstOfANewTerm() {
        return firstAbove;
    }

    /** Returns the longest time between two acknowledgements since the mark. */
    synchronized long longestPauseNanos() {
        return longestNanos;
    }

    synchronized Answer last() {
        return last;
    }

    /** Returns the answers that were neither acknowledgements nor redirects. */
    synchronized List<String> failures() {
        return List.copyOf(failures);
    }

    void stop() {
        stopped = true;
    }
}
