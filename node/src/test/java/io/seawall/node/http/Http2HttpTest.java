package io.seawall.node.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.seawall.node.http.exchange.HttpLimits;
import io.seawall.wal.PChannel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.http2.frames.SettingsFrame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** HTTP/2 without TLS on the port of HTTP/1.1, and its limits. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class Http2HttpTest {
    private static final PChannel ORDERS = new PChannel("orders", 0);
    private static final String RECORDS = "/v1/pchannels/orders-0/records";
    private static final String OCTETS = "application/octet-stream";
    private static final String NDJSON = "application/x-ndjson";
    private static final String LIVE = "{\"live\":true}\n";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private HttpFixture http = new HttpFixture();
    private final List<Http2Client> clients = new ArrayList<>();

    @AfterEach
    void close() {
        clients.forEach(Http2Client::close);
        http.close();
    }

    private Http2Client connect() {
        var client = new Http2Client(http.server.port());
        clients.add(client);
        return client;
    }

    private void restart(HttpSettings.Connections limits) {
        http.close();
        http = new HttpFixture(HttpFixture.settings().with(limits));
    }

    /** Restarts the server so that 300 ms without progress end a body or an answer. */
    private void impatient() {
        var limit = Duration.ofMillis(300);
        restart(new HttpSettings.Connections(1_024, 1_024, 64, limit, limit, 1_000_000, 1_024));
    }

    private FakeNodeLogs.FakeLog log() {
        return http.node.logs.log(ORDERS);
    }

    /** Opens as many requests as a connection may have, whose bodies do not end. */
    private static List<Http2Client.Request> openAll(Http2Client client) {
        return IntStream.range(0, HttpLimits.H2_STREAMS)
                .mapToObj(at -> client.open("POST", RECORDS, OCTETS, false))
                .toList();
    }

    @Test
    void requestsAreServedOnThePortOfHttp11() {
        var client = connect();

        var appended = client.post(RECORDS, OCTETS, "over HTTP/2");
        var read = client.get(RECORDS + "?from=0&format=text");

        assertThat(appended.status()).isEqualTo(200);
        assertThat(appended.body()).isEqualTo("{\"term\":7,\"first\":0,\"last\":0,\"tail\":1}\n");
        assertThat(read.status()).isEqualTo(200);
        assertThat(read.body()).contains("\"value\":\"over HTTP/2\"");
        assertThat(http.get("/livez").raw().version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    }

    @Test
    void aLineIsAnsweredWhileTheBodyIsOpen() {
        var stream = connect().open("POST", RECORDS + "?format=text", NDJSON, false);

        stream.send("{\"value\":\"a\"}\n", false);
        await().atMost(PATIENCE).until(() -> stream.body().endsWith("\n"));
        assertThat(stream.body()).contains("\"first\":0").doesNotContain("\"first\":1");
        stream.send("{\"value\":\"b\"}\n", true);

        assertThat(stream.awaitEnd()).contains("\"first\":1");
        assertThat(log().tail()).isEqualTo(2);
    }

    @Test
    void anUpgradeIsAnsweredOverHttp11() {
        // Given a client that offers HTTP/2 with each request, as that of the JDK does, and a body of unknown length
        var body = HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[100_000]));

        var answer = http.exchange(
                http.request(RECORDS)
                        .version(HttpClient.Version.HTTP_2)
                        .header("Content-Type", OCTETS)
                        .POST(body)
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(log().record(0).data().value()).hasSize(100_000);
    }

    @Test
    void aConnectionStatesItsLimits() {
        assertThat(connect().settings())
                .containsEntry(SettingsFrame.MAX_CONCURRENT_STREAMS, HttpLimits.H2_STREAMS)
                .containsEntry(SettingsFrame.MAX_HEADER_LIST_SIZE, HttpLimits.HEADER_BYTES);
    }

    @Test
    void requestsBeyondTheLimitOfAConnectionAreRefusedAndTheOthersGoOn() {
        var client = connect();
        client.settings();
        var open = openAll(client);

        // Given a client that does not care for the limit
        ((HTTP2Session) client.session()).setMaxLocalStreams(-1);
        var beyond = client.open("POST", RECORDS, OCTETS, false);

        assertThat(beyond.reset()).isEqualTo(ErrorCode.REFUSED_STREAM_ERROR);
        open.forEach(request -> request.send("x", true));
        assertThat(open).allSatisfy(request -> assertThat(request.status()).isEqualTo(200));
        assertThat(client.get("/livez").body()).isEqualTo(LIVE);
    }

    @Test
    void manyResetsEndTheConnection() {
        var client = connect();

        for (var sent = 0; sent < 100_000 && !client.isEnded(); sent++) {
            var unused = client.begin("POST", RECORDS, OCTETS, false, true).thenAccept(Http2Client.Request::cancel);
        }

        client.awaitEndBecauseOf(ErrorCode.ENHANCE_YOUR_CALM_ERROR);
        assertThat(connect().get("/livez").body()).isEqualTo(LIVE);
    }

    private int unreadFrames() {
        return http.server.connector().getConnectionFactory(ClearHttp2.class).unreadFrames();
    }

    @Test
    void aBodyInManySmallFramesIsRead() {
        // Given a client that is faster than the node, however slow that is: it does not wait for anything
        var client = connect();
        var stream = client.open("POST", RECORDS, OCTETS, false);

        for (var sent = 0; sent < 8_192; sent++) {
            stream.send("x", false);
        }
        stream.send("x", true);

        assertThat(stream.status()).isEqualTo(200);
        assertThat(log().record(0).data().value()).hasSize(8_193);
        assertThat(unreadFrames()).isZero();
    }

    @Test
    void aBodyAboveTheLimitIsRefusedAndTheOthersGoOn() {
        var client = connect();
        var other = client.open("POST", RECORDS, OCTETS, false);
        var body = client.open("POST", RECORDS, OCTETS, false);

        // When it sends more than may be discarded, unless the node resets the stream before
        var piece = "x".repeat(16_384);
        try {
            for (var sent = 0L; sent <= 3L * HttpLimits.BODY_BYTES; sent += piece.length()) {
                body.send(piece, false);
            }
        } catch (RuntimeException reset) {
            // the node has answered
        }

        assertThat(body.status()).isEqualTo(413);
        other.send("x", true);
        assertThat(other.status()).isEqualTo(200);
        await().atMost(PATIENCE).until(() -> unreadFrames() == 0);
    }

    @Test
    void aSlowBodyEndsAloneOnItsConnection() {
        impatient();
        var client = connect();
        var slow = client.open("POST", RECORDS, OCTETS, false).send("a", false);
        var waiting = client.open("GET", RECORDS + "?from=0&waitMs=60000&format=text", "", true);

        assertThat(slow.status()).isEqualTo(408);

        assertThat(slow.awaitEnd()).contains("http.min.rate.bytes");
        assertThat(client.post(RECORDS, OCTETS, "quick").status()).isEqualTo(200);
        assertThat(waiting.awaitEnd()).contains("\"value\":\"quick\"");
        assertThat(client.isGoneAway()).isFalse();
    }

    @Test
    void anAnswerThatIsNotReceivedEndsAloneOnItsConnection() {
        impatient();
        http.post(RECORDS, OCTETS, new byte[900_000]);
        var client = connect();

        var stalled = client.begin("GET", RECORDS + "?from=0", "", true, false).join();

        assertThat(stalled.reset()).isEqualTo(ErrorCode.CANCEL_STREAM_ERROR);
        assertThat(http.metrics.scrape()).contains("seawall_http_slow_total{part=\"answer\"} 1.0");
        assertThat(client.get("/livez").body()).isEqualTo(LIVE);
    }

    @Test
    void aConnectionBeyondTheLimitServesHealthAloneAndIsClosed() {
        restart(HttpFixture.connections(1, 1, 64));
        assertThat(connect().get("/livez").status()).isEqualTo(200);

        var refused = connect();
        var probe = connect();

        assertThat(refused.get(RECORDS + "?from=0").status()).isEqualTo(503);
        assertThat(refused.goneAway()).isEqualTo(ErrorCode.NO_ERROR);
        assertThat(probe.get("/livez").body()).isEqualTo(LIVE);
        assertThat(probe.goneAway()).isEqualTo(ErrorCode.NO_ERROR);
    }

    @Test
    void aConnectionWithoutARequestIsClosedAfterAMinute() {
        var client = connect();
        client.get("/livez");

        // When the gate sweeps as often as in half a minute, and then goes on
        for (var second = 0; second < HttpLimits.IDLE.toSeconds() / 2; second++) {
            http.server.connections().sweep();
        }
        assertThat(client.isGoneAway()).isFalse();
        await().atMost(PATIENCE).until(() -> {
            http.server.connections().sweep();
            return client.isGoneAway();
        });

        assertThat(client.goneAway()).isEqualTo(ErrorCode.NO_ERROR);
    }

    @Test
    void aNodeThatStopsTellsItsConnections() {
        var client = connect();
        client.get("/livez");

        http.server.close();

        assertThat(client.goneAway()).isEqualTo(ErrorCode.NO_ERROR);
    }

    @Test
    void aHeadAboveTheLimitIsRefused() throws IOException {
        // Given a header of 64 KiB that is not compressed
        var block = head();
        block.writeBytes(new byte[] {0x00, 1, 'h', 0x7f, (byte) 0x81, (byte) 0xff, 0x03});
        block.writeBytes("x".repeat(65_536).getBytes(ISO_8859_1));

        assertThat(outcome(block)).isNotEqualTo("200");

        assertThat(connect().get("/livez").body()).isEqualTo(LIVE);
    }

    @Test
    void aHeadThatUnpacksToMoreThanTheLimitIsRefused() throws IOException {
        // Given a header of 3,000 bytes in the table of the connection, and 10,000 references to it: 30 MB in 13 KB
        var block = head();
        block.writeBytes(new byte[] {0x40, 1, 'h', 0x7f, (byte) 0xb9, 0x16});
        block.writeBytes("x".repeat(3_000).getBytes(ISO_8859_1));
        var references = new byte[10_000];
        Arrays.fill(references, (byte) 0xbe); // the newest header of the table
        block.writeBytes(references);

        assertThat(outcome(block)).isNotEqualTo("200");

        assertThat(connect().get("/livez").body()).isEqualTo(LIVE);
    }

    @Test
    void aHeadOfAllowedSizeIsServed() throws IOException {
        var block = head();
        block.writeBytes(new byte[] {0x40, 1, 'h', 1, 'x', (byte) 0xbe});

        assertThat(outcome(block)).isEqualTo("200");
    }

    /** Returns the beginning of a head: GET http /livez. */
    private static ByteArrayOutputStream head() {
        var block = new ByteArrayOutputStream();
        block.writeBytes(new byte[] {(byte) 0x82, (byte) 0x86, 0x04, 6});
        block.writeBytes("/livez".getBytes(ISO_8859_1));
        block.writeBytes(new byte[] {0x01, 1, 'x'});
        return block;
    }

    /** Sends a head on a connection of its own, in frames of 16,000 bytes. */
    private String outcome(ByteArrayOutputStream block) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), http.server.port())) {
            var out = socket.getOutputStream();
            out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1));
            out.write(frame(4, 0, 0, new byte[0]));
            var head = block.toByteArray();
            var size = 16_000;
            try {
                for (var at = 0; at < head.length; at += size) {
                    var last = at + size >= head.length;
                    var piece = Arrays.copyOfRange(head, at, Math.min(head.length, at + size));
                    out.write(frame(at == 0 ? 1 : 9, (at == 0 ? 1 : 0) | (last ? 4 : 0), 1, piece));
                }
            } catch (IOException e) {
                // The server has closed the connection already, which is an answer too.
            }
            return outcome(socket);
        }
    }

    private static byte[] frame(int type, int flags, int stream, byte[] payload) {
        var frame = new ByteArrayOutputStream();
        frame.writeBytes(new byte[] {
            (byte) (payload.length >> 16),
            (byte) (payload.length >> 8),
            (byte) payload.length,
            (byte) type,
            (byte) flags
        });
        frame.writeBytes(new byte[] {0, 0, 0, (byte) stream});
        frame.writeBytes(payload);
        return frame.toByteArray();
    }

    /** Returns "closed", "reset" or "gone away", or "200" if the answer's head says so. */
    private static String outcome(Socket socket) throws IOException {
        socket.setSoTimeout((int) PATIENCE.toMillis());
        var in = new DataInputStream(socket.getInputStream());
        try {
            while (true) {
                var length = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
                var type = in.readUnsignedByte();
                in.skipNBytes(5);
                var payload = in.readNBytes(length);
                if (type == 3 || type == 7) {
                    return type == 3 ? "reset" : "gone away";
                }
                if (type == 1) {
                    // Jetty first states the size of its table, 4,096; 88 is ":status 200".
                    return HexFormat.of().formatHex(payload).startsWith("3fe11f88") ? "200" : "error";
                }
            }
        } catch (IOException e) {
            return "closed";
        }
    }
}
