package io.seawall.node.peer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.seawall.coordinator.member.Cluster;
import io.seawall.coordinator.meta.MetaRecord;
import io.seawall.node.http.json.JsonStreams;
import io.seawall.node.ports.PChannelStatus.Positions;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.PChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks other nodes for the positions of the logs that they have open, with one request for each node. An owner knows them, while
 * reading them from Kafka takes a consumer's fetch for each log. Thread-safe.
 */
public final class PeerPositions {
    private static final Logger LOG = LoggerFactory.getLogger(PeerPositions.class);
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final String PATH = "/v1/pchannels?scope=node";

    private final Cluster cluster;
    private final Duration limit;
    private final PeerLogin login;
    private final HttpClient client;

    /**
     * Creates positions that are asked for over HTTP.
     *
     * @param cluster the cluster
     * @param tls connects to nodes that serve TLS
     * @param login shows other nodes who this one is
     */
    public PeerPositions(Cluster cluster, SSLContext tls, PeerLogin login) {
        this(cluster, tls, login, LIMIT);
    }

    /** Like the public constructor, with another limit. */
    PeerPositions(Cluster cluster, SSLContext tls, PeerLogin login, Duration limit) {
        this.login = login;
        this.cluster = cluster;
        this.limit = limit;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(limit)
                .sslContext(tls)
                .build();
    }

    /**
     * Returns the positions of logs that their owners have open. A node that does not answer in time is left out, as is a log
     * without an owner. Blocks for two seconds at most.
     *
     * @param logs the logs that are not open on this node
     * @return positions of some of the logs
     */
    public Map<PChannel, Positions> read(Collection<PChannel> logs) {
        var state = cluster.view().state();
        var owners = logs.stream()
                .flatMap(log -> state.assignment(log).stream())
                .flatMap(assignment -> assignment.process().flatMap(state::node).stream())
                .filter(node -> !node.id().equals(cluster.view().self().node()))
                .collect(Collectors.toSet());
        var answers = owners.stream().map(this::ask).toList();
        var positions = new HashMap<PChannel, Positions>();
        answers.forEach(answer -> positions.putAll(answer.join()));
        positions.keySet().retainAll(logs);
        return positions;
    }

    private CompletableFuture<Map<PChannel, Positions>> ask(MetaRecord.Node node) {
        return PeerUrl.parse(node.urlForPeers())
                .map(url -> send(url).thenApply(PeerPositions::positions).exceptionally(failure -> {
                    LOG.atDebug()
                            .addKeyValue("node", node.id())
                            .addKeyValue("error", FutureErrors.text(failure))
                            .log("a node did not send the positions of its logs");
                    return Map.of();
                }))
                .orElseGet(() -> CompletableFuture.completedFuture(Map.of()));
    }

    /** Sends a request. Java's own time-out of requests ends with the head of the answer: a node may stop behind it. */
    private CompletableFuture<HttpResponse<byte[]>> send(PeerUrl url) {
        var request = HttpRequest.newBuilder(url.uri(PATH));
        login.tokenFor(url).ifPresent(token -> request.header("Authorization", "Bearer " + token));
        var sent = client.sendAsync(request.build(), BodyHandlers.ofByteArray());
        return sent.copy()
                .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((answer, failure) -> sent.cancel(true)); // ends the connection, too
    }

    private static Map<PChannel, Positions> positions(HttpResponse<byte[]> answer) {
        if (answer.statusCode() != 200) {
            throw new IllegalStateException("status " + answer.statusCode());
        }
        try (var json = JsonStreams.FACTORY.createParser(answer.body())) {
            var positions = new HashMap<PChannel, Positions>();
            while (json.nextToken() != null) {
                if (json.currentToken() == JsonToken.START_ARRAY) {
                    while (json.nextToken() == JsonToken.START_OBJECT) {
                        status(json, positions);
                    }
                }
            }
            return positions;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static void status(JsonParser json, Map<PChannel, Positions> positions) throws IOException {
        var name = "";
        var numbers = new HashMap<String, Long>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            var member = json.currentName();
            var value = json.nextToken();
            if (member.equals("pchannel")) {
                name = json.getText();
            } else if (value == JsonToken.VALUE_NUMBER_INT) {
                numbers.put(member, json.getLongValue());
            } else {
                json.skipChildren();
            }
        }
        var oldest = numbers.get("oldest");
        var tail = numbers.get("tail");
        var flushed = numbers.get("flushed");
        if (oldest != null && tail != null && flushed != null) { // they are null unless the log is open there
            positions.put(PChannel.parse(name), new Positions(oldest, tail, flushed));
        }
    }
}
