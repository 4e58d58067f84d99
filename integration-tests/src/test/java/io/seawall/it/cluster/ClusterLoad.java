package io.seawall.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.it.kit.History;
import io.seawall.it.kit.NodeApi;
import io.seawall.wal.PChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** One {@link FollowingWriter} for each log. */
final class ClusterLoad implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final ClusterLab lab;
    private final History history = new History();
    private final List<FollowingWriter> writers;
    private final ExecutorService threads;

    /** Starts to append to each log, with a pause after each acknowledgement. */
    ClusterLoad(ClusterLab lab, List<PChannel> pchannels, Duration pause) {
        this(lab, pchannels, FollowingWriter.Pace.of(pause));
    }

    /** Starts to append to each log. */
    ClusterLoad(ClusterLab lab, List<PChannel> pchannels, FollowingWriter.Pace pace) {
        this.lab = lab;
        this.writers = pchannels.stream()
                .map(pchannel -> new FollowingWriter(pchannel, lab::urls, history, pace))
                .toList();
        this.threads = Executors.newFixedThreadPool(writers.size());
        writers.forEach(writer -> threads.execute(writer::run));
    }

    List<FollowingWriter> writers() {
        return writers;
    }

    History history() {
        return history;
    }

    /** Waits until every writer has got an acknowledgement of an append that it began after this call. */
    void awaitProgress() {
        var sinceNanos = System.nanoTime();
        Awaitility.await("every writer goes on")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> writers.stream().allMatch(writer -> writer.last().nanos() > sinceNanos));
    }

    /** Appends for a while, until the processes run compiled code. */
    void warmUp(Duration time) {
        try {
            TimeUnit.MILLISECONDS.sleep(time.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
        awaitProgress();
    }

    /** Begins to measure. */
    void mark() {
        writers.forEach(FollowingWriter::mark);
    }

    /** Waits until each of these logs has acknowledged an append at a higher term than at the mark. */
    void awaitNewTerm(List<FollowingWriter> moved) {
        Awaitility.await("logs go on at the next term")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> moved.stream().allMatch(writer -> writer.firstOfANewTerm() != null));
    }

    /** Returns every answer that was neither an acknowledgement nor a redirect. */
    List<String> failures() {
        return writers.stream().flatMap(writer -> writer.failures().stream()).toList();
    }

    @Override
    public void close() {
        finish();
    }

    /** Stops the writers after their last values are acknowledged. */
    void finish() {
        writers.forEach(FollowingWriter::stop);
        threads.shutdown();
        Awaitility.await("every value is acknowledged")
                .atMost(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .until(threads::isTerminated);
    }

    /** Checks that each acknowledged value is in its log, once, at its LSN, in both views. */
    void judge() {
        var reader = lab.api();
        for (var writer : writers) {
            judge(reader, writer.pchannel());
        }
    }

    private void judge(NodeApi reader, PChannel pchannel) {
        var live = reader.entries(pchannel, "live");
        Awaitility.await(pchannel + " is committed")
                .atMost(Duration.ofSeconds(30))
                .until(() -> reader.entries(pchannel, "committed").size() >= live.size());
        assertThat(history.violations(pchannel, live)).as(pchannel + " live").isEmpty();
        assertThat(history.violations(pchannel, reader.entries(pchannel, "committed")))
                .as(pchannel + " committed")
                .isEmpty();
    }
}
