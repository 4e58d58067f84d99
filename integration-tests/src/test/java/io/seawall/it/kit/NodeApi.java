package io.seawall.it.kit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.seawall.wal.PChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;

/** A client of a node's HTTP API. */
public final class NodeApi {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String url;
    private final Duration patience;

    public NodeApi(String url) {
        this(url, PATIENCE);
    }

    private NodeApi(String url, Duration patience) {
        this.url = url;
        this.patience = patience;
    }

    /** Returns a client that waits this long for an answer. */
    public NodeApi withPatience(Duration longest) {
        return new NodeApi(url, longest);
    }

    /**
     * A record of a page.
     *
     * @param lsn its LSN
     * @param term the term that wrote it first
     * @param value its bytes
     */
    @SuppressWarnings("ArrayRecordComponent") // read once by a test and never changed
    public record Read(long lsn, long term, byte[] value) {}

    /**
     * The answer of a node.
     *
     * @param status the HTTP status
     * @param body the JSON
     */
    public record Answer(int status, JsonNode body) {
        public boolean isOk() {
            return status / 100 == 2;
        }

        public String code() {
            return body.path("code").asText();
        }

        public String effect() {
            return body.path("effect").asText();
        }
    }

    public CompletableFuture<Answer> append(PChannel pchannel, byte[] value) {
        return send(request("/v1/pchannels/" + pchannel + "/records")
                .header("Content-Type", "application/octet-stream")
                .POST(BodyPublishers.ofByteArray(value)));
    }

    public Answer post(String path, String contentType, String body) {
        return send(request(path).header("Content-Type", contentType).POST(BodyPublishers.ofString(body)))
                .join();
    }

    public Answer post(String path) {
        return send(request(path).POST(BodyPublishers.noBody())).join();
    }

    public Answer put(String path, String json) {
        return send(request(path).header("Content-Type", "application/json").PUT(BodyPublishers.ofString(json)))
                .join();
    }

    public Answer delete(String path) {
        return send(request(path).DELETE()).join();
    }

    public Answer get(String path) {
        return send(request(path).GET()).join();
    }

    public Answer createTopic(String name, int pchannels) {
        return put("/v1/topics/" + name, "{\"pchannels\":" + pchannels + "}");
    }

    public Answer assign(PChannel pchannel, long term) {
        return put(
                "/v1/pchannels/" + pchannel + "/assignment?waitMs=60000", "{\"term\":" + term + ",\"available\":true}");
    }

    public void awaitAvailable(PChannel pchannel) {
        Awaitility.await(pchannel + " is available")
                .atMost(PATIENCE)
                .until(() -> get("/v1/pchannels/" + pchannel)
                        .body()
                        .path("state")
                        .asText()
                        .equals("available"));
    }

    /** Reads all records from LSN 0 to the tail of the view. */
    public List<Read> readAll(PChannel pchannel, String view) {
        var all = new ArrayList<Read>();
        var from = "oldest";
        while (true) {
            var page = get("/v1/pchannels/" + pchannel + "/records?from=" + from
                    + "&limit=10000&maxBytes=16777216&view=" + view);
            if (!page.isOk()) {
                throw new IllegalStateException("cannot read " + pchannel + ": " + page);
            }
            page.body().path("records").forEach(record -> all.add(read(record)));
            var next = page.body().path("next").asLong();
            if (next >= page.body().path("tail").asLong()
                    || page.body().path("records").isEmpty()) {
                return all;
            }
            from = String.valueOf(next);
        }
    }

    /** Reads all records, with values as text, in the form that a history checks. */
    public List<History.Entry> entries(PChannel pchannel, String view) {
        return readAll(pchannel, view).stream()
                .map(read -> new History.Entry(read.lsn(), new String(read.value(), UTF_8)))
                .toList();
    }

    /** The value of a record of a page, as text. */
    public static String text(JsonNode record) {
        return new String(read(record).value(), UTF_8);
    }

    private static Read read(JsonNode record) {
        try {
            return new Read(
                    record.path("lsn").asLong(),
                    record.path("term").asLong(),
                    record.path("value").binaryValue());
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path)).timeout(patience);
    }

    private static CompletableFuture<Answer> send(HttpRequest.Builder request) {
        return CLIENT.sendAsync(request.build(), BodyHandlers.ofByteArray()).thenApply(NodeApi::answer);
    }

    private static Answer answer(HttpResponse<byte[]> response) {
        try {
            var body = response.body().length == 0 ? JSON.createObjectNode() : JSON.readTree(response.body());
            return new Answer(response.statusCode(), body);
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }
}
