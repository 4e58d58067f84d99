package io.seawall.benchmarks.wire;

import io.seawall.benchmarks.measure.Clock;
import io.seawall.client.ClientOptions;
import io.seawall.client.SeawallClient;
import io.seawall.client.log.LogWriter;
import io.seawall.client.log.TopicOptions;
import io.seawall.client.log.WriterOptions;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Logs of a node that are there for a round: created, open, and deleted again. For one thread. */
final class NodeLogs implements AutoCloseable {
    private static final Duration LONGEST_REQUEST = Duration.ofMinutes(1);
    private static final int DELETED = 300; // and everything below it

    private final WireNode node;
    private final int replicas;
    private final String run;
    private final SeawallClient client;
    private final HttpClient http = HttpClient.newHttpClient();

    /**
     * Creates an instance without logs.
     *
     * @param node the node
     * @param replicas how many each topic gets
     */
    NodeLogs(WireNode node, int replicas) {
        this.node = node;
        this.replicas = replicas;
        this.run = "bench-" + Long.toString(Clock.timeOfDay().instant().toEpochMilli(), Character.MAX_RADIX) + "-";
        this.client = SeawallClient.connect(ClientOptions.builder()
                .endpoint(node.grpc())
                .requestTimeout(LONGEST_REQUEST)
                .build());
    }

    /** Creates a topic with one log, appends a record to it, and returns the log: it is open then. */
    String create(String name) {
        var topic = run + name;
        client.createTopic(topic, TopicOptions.defaults().pchannels(1).replicationFactor(replicas));
        var log = topic + "-0";
        try (var writer = client.writer(log)) {
            writer.append(new byte[1]).join();
        }
        return log;
    }

    LogWriter writer(String log, WriterOptions options) {
        return client.writer(log, options);
    }

    /** Deletes the topic of a log. */
    void delete(String log) {
        var topic = log.substring(0, log.lastIndexOf('-'));
        var request = HttpRequest.newBuilder(node.url().resolve("/v1/topics/" + topic + "?confirm=" + topic))
                .timeout(LONGEST_REQUEST)
                .DELETE()
                .build();
        try {
            var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() >= DELETED) {
                throw new IllegalStateException("cannot delete the topic " + topic + ": " + answer.body());
            }
        } catch (IOException failed) {
            throw new IllegalStateException("cannot delete the topic " + topic, failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a topic is deleted", interrupted);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
