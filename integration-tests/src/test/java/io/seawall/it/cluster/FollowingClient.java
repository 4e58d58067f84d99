package io.seawall.it.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.seawall.it.kit.History;
import io.seawall.wal.PChannel;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A client as users write it: sends each append to one of some nodes, and follows redirects. Used by one thread at a time. */
final class FollowingClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final List<String> urls;
    private final History history;
    private final List<String> failures = new ArrayList<>();
    private int turn;
    private int redirects;
    private int retries;
    private long longestNanos;
    private volatile boolean stopped;

    /**
     * Creates a client.
     *
     * @param urls the nodes that it knows
     * @param history records the outcomes
     */
    FollowingClient(List<String> urls, History history) {
        this.urls = urls;
        this.history = history;
    }

    void appendUntilStopped(PChannel log) {
        while (!stopped) {
            append(log);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Appends one value. A refusal without effect that says to try again is followed, too, as its {@code Retry-After} asks. */
    void append(PChannel log) {
        var value = log + "#" + NUMBER.incrementAndGet();
        var begun = System.nanoTime();
        while (!isAnswered(log, value)) {
            retries++;
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        longestNanos = Math.max(longestNanos, System.nanoTime() - begun);
    }

    private boolean isAnswered(PChannel log, String value) {
        var url = urls.get(turn++ % urls.size());
        var request = HttpRequest.newBuilder(URI.create(url + "/v1/pchannels/" + log + "/records"))
                .header("Content-Type", "application/octet-stream")
                .timeout(Duration.ofSeconds(60))
                .POST(BodyPublishers.ofString(value))
                .build();
        try {
            var answer = HTTP.send(request, BodyHandlers.ofString());
            if (answer.statusCode() / 100 == 2) {
                history.acknowledged(log, first(answer.body()), value);
                redirects += answer.previousResponse().isPresent() ? 1 : 0;
                return true;
            }
            if (answer.statusCode() == 503 && answer.body().contains("\"effect\":\"none\"")) {
                return false;
            }
            history.unknown(value);
            failures.add(answer.uri() + ": " + answer.statusCode() + " " + answer.body());
        } catch (ConnectException nothingWritten) {
            history.refused(value);
            failures.add(url + ", or where it redirects: " + nothingWritten);
        } catch (IOException lost) {
            history.unknown(value);
            failures.add(url + ", or where it redirects: " + lost);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            stopped = true;
        }
        return true;
    }

    private static long first(String body) {
        try {
            return JSON.readTree(body).path("first").asLong();
        } catch (IOException noAnswer) {
            throw new IllegalStateException(body, noAnswer);
        }
    }

    void stop() {
        stopped = true;
    }

    List<String> failures() {
        return failures;
    }

    int redirects() {
        return redirects;
    }

    /** Returns how often a log had no owner for longer than nodes hold a request. */
    int retries() {
        return retries;
    }

    long longestMs() {
        return TimeUnit.NANOSECONDS.toMillis(longestNanos);
    }
}
