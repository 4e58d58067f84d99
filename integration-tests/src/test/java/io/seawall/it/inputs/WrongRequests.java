package io.seawall.it.inputs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;

/** Wrong requests over HTTP. */
final class WrongRequests {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String RECORDS = "/v1/pchannels/demo-0/records";
    private static final String AS_JSON = "application/json";
    private static final List<String> SHOWN_HEADERS = List.of("Allow", "Accept-Encoding", "Location");

    private final Transcript transcript;
    private final String url;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    WrongRequests(Transcript transcript, String url) {
        this.transcript = transcript;
        this.url = url;
    }

    void send() throws Exception {
        transcript.section("HTTP: paths, methods and parameters");
        paths();
        transcript.section("HTTP: appends");
        appends();
        transcript.section("HTTP: topics and administration");
        administration();
        transcript.section("HTTP: what is no request");
        raw();
    }

    private void paths() throws Exception {
        get("/v1/pchanels");
        get("/v2/topics");
        get("/v1/pchannels/");
        get("/v1/pchannels/demo-9");
        get("/v1/pchannels/demo");
        get("/v1/pchannels/orders-0/records");
        get("/v1/pchannels/Demo-0/records");
        get("/v1/pchannels/demo-00/records");
        send("PATCH", "/v1/topics/demo", "", "");
        send("POST", "/v1/topics/demo", AS_JSON, "{}");
        send("DELETE", "/v1/pchannels/demo-0", "", "");
        get(RECORDS + "?form=0");
        get(RECORDS + "?from=0&from=1");
        get(RECORDS + "?from=first");
        get(RECORDS + "?from=-1");
        get(RECORDS + "?from=99");
        get(RECORDS + "?at=yesterday");
        get(RECORDS + "?at=2026-13-01T00:00:00Z");
        get(RECORDS + "?from=0&at=2026-12-01T00:00:00Z");
        get(RECORDS + "?limit=0");
        get(RECORDS + "?limit=100000");
        get(RECORDS + "?maxBytes=1GiB");
        get(RECORDS + "?waitMs=forever");
        get(RECORDS + "?view=all");
        get(RECORDS + "?format=xml");
        get(RECORDS + "?format=%FF");
        get(RECORDS + "?format=%zz");
        send("GET", RECORDS, "", "", "Accept", "text/html");
        get("/v1/pchannels?scope=all");
    }

    private void appends() throws Exception {
        send("POST", RECORDS, "", "");
        send("POST", RECORDS, "", "hello");
        send("POST", RECORDS, "application/x-www-form-urlencoded", "hello");
        send("POST", RECORDS, "text/plain", "hello");
        send("POST", RECORDS, "application/json; charset=latin1", "{}");
        send("POST", RECORDS, AS_JSON, "");
        send("POST", RECORDS, AS_JSON, "hello");
        send("POST", RECORDS, AS_JSON, "[]");
        send("POST", RECORDS, AS_JSON, "{}");
        send("POST", RECORDS, AS_JSON, "{\"records\":[]}");
        send("POST", RECORDS, AS_JSON, "{\"records\":null}");
        send("POST", RECORDS, AS_JSON, "{\"records\":[\"hello\"]}");
        send("POST", RECORDS, AS_JSON, "{\"records\":[null]}");
        send("POST", RECORDS, AS_JSON, "{\"record\":[{\"value\":\"AA==\"}]}");
        send("POST", RECORDS, AS_JSON, "{\"records\":[{\"vlaue\":\"AA==\"}]}");
        send("POST", RECORDS, AS_JSON, "{\"records\":[{\"value\":\"hello!\"}]}");
        send("POST", RECORDS, AS_JSON, "{\"records\":[{\"value\":5}]}");
        send("POST", RECORDS + "?format=text", AS_JSON, "{\"records\":[{\"value\":5}]}");
        send("POST", RECORDS + "?format=auto", AS_JSON, "{\"records\":[{\"value\":5}]}");
        send("POST", RECORDS, AS_JSON, "{\"records\":[{\"headers\":{\"a\":\"\"}}]}");
        send("POST", RECORDS, AS_JSON, "{\"records\":[{\"headers\":[{\"key\":\"wal\"}]}]}");
        send("POST", RECORDS, AS_JSON, "{\"records\":[{}],\"ifTail\":\"0\"}");
        send("POST", RECORDS, AS_JSON, "{\"records\":[{}],\"ifTail\":7}");
        send("POST", RECORDS, AS_JSON, "{\"records\":[{\"value\":\"AA==\"}");
        send("POST", RECORDS, AS_JSON, "{\"records\":[{}]} {}");
        binary("{\"records\":[{\"value\":\"<the byte FF>\"}]}", bytes("{\"records\":[{\"value\":\"", 0xFF, "\"}]}"));
        binary("200 times [", "[".repeat(200).getBytes(UTF_8));
        send(
                "POST",
                RECORDS + "?format=json",
                AS_JSON,
                "{\"records\":[{\"value\":" + "[".repeat(150) + "]".repeat(150) + "}]}");
        send("POST", RECORDS, "application/octet-stream", "x", "Idempotency-Key", "session");
        send("POST", RECORDS, "application/octet-stream", "x", "Idempotency-Key", "session/5");
        send("POST", RECORDS, "application/octet-stream", "x", "Content-Encoding", "br");
        send("POST", RECORDS, "application/octet-stream", "x", "Content-Encoding", "gzip");
        send("POST", RECORDS, "application/vnd.seawall.records", "hello");
        send("POST", RECORDS, "application/x-ndjson", "{\"value\":\"AA==\"");
        send("POST", RECORDS + "?batch=5", "application/x-ndjson", "{}");
    }

    private void administration() throws Exception {
        send("PUT", "/v1/topics/orders", AS_JSON, "four");
        send("PUT", "/v1/topics/orders", "", "hello");
        send("PUT", "/v1/topics/orders", AS_JSON, "{\"pchannels\":\"four\"}");
        send("PUT", "/v1/topics/orders", AS_JSON, "{\"pchannels\":0}");
        send("PUT", "/v1/topics/orders", AS_JSON, "{\"pchannels\":2.5}");
        send("PUT", "/v1/topics/orders", AS_JSON, "{\"pchannels\":null}");
        send("PUT", "/v1/topics/orders", AS_JSON, "{\"partitions\":4}");
        send("PUT", "/v1/topics/orders", AS_JSON, "{\"compression\":\"zip\"}");
        send("PUT", "/v1/topics/demo", AS_JSON, "{\"pchannels\":2}");
        send("PUT", "/v1/topics/Orders", AS_JSON, "{}");
        send("DELETE", "/v1/topics/demo", "", "");
        send("DELETE", "/v1/topics/demo?confirm=dmo", "", "");
        send("DELETE", "/v1/topics/orders?confirm=orders", "", "");
        send("POST", "/v1/pchannels/demo-0/trim", "", "");
        send("POST", "/v1/pchannels/demo-0/trim", AS_JSON, "");
        send("POST", "/v1/pchannels/demo-0/trim", AS_JSON, "{\"before\":\"5\"}");
        send("POST", "/v1/pchannels/demo-0/trim", AS_JSON, "{\"before\":99}");
        send("POST", "/v1/pchannels/demo-0/flush", AS_JSON, "{\"now\":true}");
        send("PUT", "/v1/pchannels/demo-0/assignment", AS_JSON, "{\"term\":5,\"available\":true}");
        send("PUT", "/v1/pchannels/demo-0/pin", AS_JSON, "{}");
        send("PUT", "/v1/pchannels/demo-0/pin", AS_JSON, "{\"node\":\"n9\"}");
        send("PUT", "/v1/pchannels/demo-0/pin", "", "");
        send("PUT", "/v1/nodes/n9/drain", AS_JSON, "{}");
        send("PUT", "/v1/nodes/n1/drain", AS_JSON, "{\"forced\":\"yes\"}");
        send("DELETE", "/v1/nodes/n1", "", "");
    }

    private void raw() throws Exception {
        raw("hello\r\n\r\n");
        raw("GET /v1/topics HTTP/1.1\r\n\r\n");
        raw("GET /v1/../v1/topics%2f HTTP/1.1\r\nHost: node\r\n\r\n");
        raw("GET /v1/topics HTTP/3.0\r\nHost: node\r\n\r\n");
        raw("POST " + RECORDS + " HTTP/1.1\r\nHost: node\r\nContent-Length: many\r\n\r\n");
        raw("GET /" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: node\r\n\r\n");
    }

    private void get(String path) throws Exception {
        send("GET", path, "", "");
    }

    private void send(String method, String path, String type, String body, String... headers) throws Exception {
        send(method, path, type, body, body.getBytes(UTF_8), headers);
    }

    private void binary(String shown, byte[] body) throws Exception {
        send("POST", RECORDS, AS_JSON, shown, body);
    }

    private void send(String method, String path, String type, String shown, byte[] body, String... headers)
            throws Exception {
        var request = HttpRequest.newBuilder(new URI(url + path.replace("%zz", "%25zz")))
                .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        var input = new StringBuilder(method).append(' ').append(path);
        if (!type.isEmpty()) {
            request.header("Content-Type", type);
            input.append("\nContent-Type: ").append(type);
        }
        if (headers.length > 0) {
            request.headers(headers);
            input.append('\n').append(headers[0]).append(": ").append(headers[1]);
        }
        input.append('\n').append(shown.length() > 200 ? shown.substring(0, 60) + "..." : shown);
        transcript.add(input.toString(), text(client.send(request.build(), BodyHandlers.ofString())));
    }

    private static String text(HttpResponse<String> answer) throws IOException {
        var said = new StringBuilder();
        said.append(answer.statusCode());
        for (var name : SHOWN_HEADERS) {
            answer.headers()
                    .firstValue(name)
                    .ifPresent(
                            value -> said.append(", ").append(name).append(": ").append(value));
        }
        return said.append('\n').append(problem(answer.body())).toString();
    }

    private static String problem(String body) throws IOException {
        if (!body.startsWith("{")) {
            return body;
        }
        var json = JSON.readTree(body);
        var problem = json.has("error") ? json.path("error") : json;
        return problem.has("detail")
                ? problem.path("code").asText() + ", effect "
                        + problem.path("effect").asText() + ": "
                        + problem.path("detail").asText()
                : body;
    }

    private void raw(String request) throws IOException {
        var target = URI.create(url);
        try (var socket = new Socket(target.getHost(), target.getPort())) {
            socket.getOutputStream().write(request.getBytes(UTF_8));
            socket.shutdownOutput();
            var answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
            var end = answer.indexOf("\r\n\r\n");
            var body = end < 0 ? answer : problem(answer.substring(end + 4));
            var shown = request.strip().replace("\r", "");
            transcript.add(
                    shown.length() > 200 ? shown.substring(0, 60) + "..." : shown,
                    answer.lines().findFirst().orElse("no answer") + "\n" + body);
        }
    }

    private static byte[] bytes(String before, int octet, String after) {
        var all = (before + '?' + after).getBytes(UTF_8);
        all[before.length()] = (byte) octet;
        return all;
    }
}
