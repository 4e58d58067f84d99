package io.seawall.node.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.frames.DataFrame;
import org.eclipse.jetty.http2.frames.GoAwayFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.http2.frames.SettingsFrame;
import org.eclipse.jetty.util.Callback;

/** A connection of HTTP/2 without TLS, and its requests frame by frame. */
final class Http2Client implements AutoCloseable {
    private static final int PATIENCE_S = 60;

    private final HTTP2Client client = new HTTP2Client();
    private final int port;
    private final Session session;
    private final CompletableFuture<Map<Integer, Integer>> settings = new CompletableFuture<>();
    private final CompletableFuture<ErrorCode> goneAway = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    Http2Client(int port) {
        this.port = port;
        client.setInitialStreamRecvWindow(65_535); // so that an answer that is not read fills it
        try {
            client.start();
        } catch (Exception e) { // Jetty declares Exception
            throw new IllegalStateException(e);
        }
        session = within(client.connect(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port), new Session.Listener() {
                    @Override
                    public void onSettings(Session of, SettingsFrame frame) {
                        if (!frame.isReply()) {
                            settings.complete(frame.getSettings());
                        }
                    }

                    @Override
                    public void onGoAway(Session of, GoAwayFrame frame) {
                        goneAway.complete(ErrorCode.from(frame.getError()));
                        ended.complete(null);
                    }

                    @Override
                    public void onFailure(Session of, Throwable failure, Callback callback) {
                        ended.complete(null);
                        callback.succeeded();
                    }
                }));
    }

    private static <T> T within(CompletableFuture<T> future) {
        return future.orTimeout(PATIENCE_S, TimeUnit.SECONDS).join();
    }

    /** Returns what the server says about its limits. */
    Map<Integer, Integer> settings() {
        return within(settings);
    }

    /** Waits until the server says that it serves no more requests of this connection, and returns why. */
    ErrorCode goneAway() {
        return within(goneAway);
    }

    /**
     * Waits until the server ends the connection. If there is a reason, it has to be this one: where the client is still sending, its
     * system may get a reset and drop the reason.
     */
    void awaitEndBecauseOf(ErrorCode reason) {
        within(ended);
        if (goneAway.getNow(reason) != reason) {
            throw new IllegalStateException("ended because of " + goneAway());
        }
    }

    boolean isEnded() {
        return ended.isDone();
    }

    boolean isGoneAway() {
        return goneAway.isDone();
    }

    Session session() {
        return session;
    }

    /** Sends a request without a body and waits for the whole answer. */
    Request get(String pathAndQuery) {
        var request = open("GET", pathAndQuery, "", true);
        request.awaitEnd();
        return request;
    }

    /** Sends a request with a body and waits for the whole answer. */
    Request post(String pathAndQuery, String contentType, String body) {
        var request = open("POST", pathAndQuery, contentType, false);
        request.send(body, true);
        request.awaitEnd();
        return request;
    }

    /** Sends the head of a request. */
    Request open(String method, String pathAndQuery, String contentType, boolean last) {
        return within(begin(method, pathAndQuery, contentType, last, true));
    }

    /** Sends the head of a request, without waiting. If it does not read, the answer fills its window. */
    CompletableFuture<Request> begin(
            String method, String pathAndQuery, String contentType, boolean last, boolean reads) {
        var headers = HttpFields.build();
        if (!contentType.isEmpty()) {
            headers.put(HttpHeader.CONTENT_TYPE, contentType);
        }
        var uri = HttpURI.from("http://127.0.0.1:" + port + pathAndQuery);
        var head = new MetaData.Request(method, uri, HttpVersion.HTTP_2, headers);
        var request = new Request(reads);
        return session.newStream(new HeadersFrame(head, null, last), request).thenApply(request::on);
    }

    @Override
    public void close() {
        try {
            client.stop();
        } catch (Exception e) { // Jetty declares Exception
            throw new IllegalStateException(e);
        }
    }

    /** A request and its answer. */
    static final class Request implements Stream.Listener {
        private final boolean reads;
        private final CompletableFuture<Stream> stream = new CompletableFuture<>();
        private final CompletableFuture<Integer> status = new CompletableFuture<>();
        private final CompletableFuture<ErrorCode> reset = new CompletableFuture<>();
        private final CompletableFuture<String> whole = new CompletableFuture<>();
        private final ByteArrayOutputStream body = new ByteArrayOutputStream(); // synchronized by itself

        private Request(boolean reads) {
            this.reads = reads;
        }

        private Request on(Stream opened) {
            stream.complete(opened);
            return this;
        }

        Request send(String piece, boolean last) {
            var opened = stream.join();
            within(opened.data(new DataFrame(opened.getId(), ByteBuffer.wrap(piece.getBytes(UTF_8)), last)));
            return this;
        }

        void cancel() {
            var opened = stream.join();
            opened.reset(new ResetFrame(opened.getId(), ErrorCode.CANCEL_STREAM_ERROR.code), Callback.NOOP);
        }

        int status() {
            return within(status);
        }

        /** Waits until the server resets the stream, and returns why. */
        ErrorCode reset() {
            return within(reset);
        }

        String awaitEnd() {
            return within(whole);
        }

        /** Returns what has arrived of the answer's body. */
        String body() {
            return body.toString(UTF_8);
        }

        @Override
        public void onHeaders(Stream of, HeadersFrame frame) {
            if (frame.getMetaData() instanceof MetaData.Response response) {
                status.complete(response.getStatus());
            }
            if (frame.isEndStream()) {
                whole.complete(body());
            } else if (reads) {
                of.demand();
            }
        }

        @Override
        public void onDataAvailable(Stream of) {
            var data = of.readData();
            if (data == null) {
                of.demand();
                return;
            }
            var bytes = new byte[data.frame().remaining()];
            data.frame().getByteBuffer().get(bytes);
            body.writeBytes(bytes);
            var last = data.frame().isEndStream();
            data.release();
            if (last) {
                whole.complete(body());
            } else {
                of.demand();
            }
        }

        @Override
        public void onReset(Stream of, ResetFrame frame, Callback callback) {
            var why = new IllegalStateException("the stream was reset: " + ErrorCode.from(frame.getError()));
            status.completeExceptionally(why); // does nothing if it came before
            whole.completeExceptionally(why);
            reset.complete(ErrorCode.from(frame.getError()));
            callback.succeeded();
        }

        @Override
        public void onFailure(Stream of, int error, String reason, Throwable failure, Callback callback) {
            var why = new IllegalStateException("the stream failed: " + reason, failure);
            status.completeExceptionally(why);
            whole.completeExceptionally(why);
            reset.completeExceptionally(why);
            callback.succeeded();
        }
    }
}
