package io.seawall.node.http;

import io.seawall.wal.Effect;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** One request with its answer, which is given exactly once: a second attempt does nothing. Usable from any thread. */
final class Exchange {
    static final String JSON = "application/json";
    private static final int REQUEST_TIMEOUT = 408;

    private static final Set<String> READS = Set.of("GET", "HEAD");

    private final Request request;
    private final Response response;
    private final Callback callback;
    private final Router.Match match;
    private final Failures failures;
    private final SlowClients slow;
    private final AtomicBoolean answered = new AtomicBoolean();
    private final AtomicBoolean completed = new AtomicBoolean(); // only for streams

    Exchange(
            Request request,
            Response response,
            Callback callback,
            Router.Match match,
            Failures failures,
            SlowClients slow) {
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.match = match;
        this.failures = failures;
        this.slow = slow;
    }

    /** The method and the path's template, as a phrase that fits after "cannot". */
    String operation() {
        return match.route().method() + " " + match.route().template();
    }

    /** Whether nothing but the head of the answer is sent; Jetty leaves the body out. */
    boolean isHead() {
        return match.route().method().equals(Router.HEAD);
    }

    /** What stands in the path at a name of the template. */
    String path(String name) {
        var value = match.parameters().get(name);
        if (value == null) {
            throw new IllegalStateException(
                    "no {" + name + "} in " + match.route().template());
        }
        return value;
    }

    /** The pchannel that the path names. */
    PChannel pchannel() {
        return PChannel.parse(path("p"));
    }

    /** Path and query as they were sent. */
    String pathAndQuery() {
        return request.getHttpURI().getPathQuery();
    }

    /**
     * The value of a header, or null.
     *
     * @throws HttpRefusal with status 400 if it comes twice: one of them would be ignored
     */
    @Nullable
    String header(String name) {
        var values = request.getHeaders().getValuesList(name);
        if (values.size() > 1) {
            throw HttpRefusal.of(400, operation(), "header " + name + " twice", "it once");
        }
        return values.isEmpty() ? null : values.get(0);
    }

    /** The query's parameters; none may come twice. */
    Query query() {
        var parameters = new HashMap<String, String>();
        for (var field : Request.extractQueryParameters(request)) {
            if (field.getValues().size() > 1) {
                throw new Query(operation(), Map.of())
                        .invalid("query parameter " + Shown.text(field.getName()) + " twice", "it once");
            }
            parameters.put(field.getName(), field.getValue());
        }
        return new Query(operation(), parameters);
    }

    /**
     * Chooses the form of the answer.
     *
     * @throws HttpRefusal with status 406 if the client takes none of them
     */
    String accepted(String... offered) {
        var accepts = request.getHeaders().getValuesList(HttpHeader.ACCEPT);
        return Accept.choose(accepts, List.of(offered))
                .orElseThrow(() -> HttpRefusal.of(
                        406,
                        operation(),
                        "Accept " + Shown.text(String.join(", ", accepts)),
                        "one of " + List.of(offered)));
    }

    /**
     * The type of the request's body, without parameters.
     *
     * @throws HttpRefusal with status 415 if it is none of those, or JSON in another charset than UTF-8
     */
    String contentType(String... allowed) {
        var value = header(HttpHeader.CONTENT_TYPE.asString());
        var type = value == null ? "" : value.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (!List.of(allowed).contains(type)) {
            throw HttpRefusal.of(415, operation(), "Content-Type " + Shown.text(type), "one of " + List.of(allowed));
        }
        if (type.equals(JSON) && value != null) {
            BodyRules.checkCharset(operation(), value);
        }
        return type;
    }

    /**
     * Goes on with a request whose body may be left out, and is then empty.
     *
     * @throws HttpRefusal with status 415 for a body of another type than JSON
     */
    void optionalJson(ByteBudget budget, Consumer<byte[]> then) {
        if (header(HttpHeader.CONTENT_TYPE.asString()) != null) {
            contentType(JSON);
        }
        when(
                body(HttpLimits.SMALL_BODY_BYTES, budget),
                body -> {
                    if (body.length > 0) {
                        contentType(JSON);
                    }
                    then.accept(body);
                },
                this::fail);
    }

    /** The same for a request that takes nothing: a body has to be an empty object. */
    void noMembers(ByteBudget budget, Runnable then) {
        optionalJson(budget, body -> {
            if (body.length > 0) {
                FlatJson.parse(operation(), body, Set.of());
            }
            then.run();
        });
    }

    /**
     * The whole body; see {@link BodyReader#read}.
     *
     * @throws HttpRefusal for a body that {@link BodyRules#check} refuses
     */
    CompletableFuture<byte[]> body(int maxBytes, ByteBudget budget) {
        BodyRules.check(operation(), request);
        return BodyReader.read(request, maxBytes, budget, slow);
    }

    /** Answers with a small JSON value. */
    void json(int status, Json.Body body) {
        answer(status, JSON, Map.of(), Json.bytes(body));
    }

    /** Answers with these bytes. */
    void answer(int status, String contentType, Map<String, String> headers, byte[] bytes) {
        if (answered.compareAndSet(false, true)) {
            begin(status, contentType, headers);
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
            completed.set(true); // by the write
            response.write(true, ByteBuffer.wrap(bytes), callback);
        }
    }

    /**
     * Begins an answer of unknown length. Writing to the stream blocks while the client does not read, for as long as the
     * connection's idle time; {@link #end} or {@link #fail} have to follow.
     */
    OutputStream stream(int status, String contentType) {
        if (!answered.compareAndSet(false, true)) {
            throw new IllegalStateException("answered twice: " + operation());
        }
        begin(status, contentType, Map.of());
        return Content.Sink.asOutputStream(response);
    }

    /** The stream is complete. Blocks until its last byte is on its way. */
    void end(OutputStream stream) {
        try {
            stream.close();
            if (completed.compareAndSet(false, true)) {
                callback.succeeded();
            }
        } catch (IOException e) {
            broken(e);
        }
    }

    /** The stream cannot be completed: the connection is closed, so that the client sees that. */
    private void broken(Throwable cause) {
        if (completed.compareAndSet(false, true)) {
            callback.failed(cause);
        }
    }

    /** Answers with what went wrong; a stream that has begun is broken off. */
    void fail(Throwable thrown) {
        var error = Failures.unwrapped(thrown);
        if (error instanceof IOException && !(error instanceof HttpException)) {
            broken(thrown); // The client has gone, or stalled for too long: nobody reads an answer.
            return;
        }
        var answer = failure(thrown);
        if (answered.get()) {
            broken(thrown);
        } else {
            refuse(answer);
        }
    }

    /** Goes on when a future completes, on its thread; what the next step throws becomes the answer. */
    <T> void when(CompletableFuture<T> future, Consumer<T> done, Consumer<Throwable> failed) {
        var unused = future.handle((value, failure) -> {
            try {
                if (failure == null) {
                    done.accept(value);
                } else {
                    failed.accept(failure);
                }
            } catch (RuntimeException e) {
                fail(e);
            }
            return true;
        });
    }

    /** The answer to something that went wrong. */
    Failures.Answer failure(Throwable thrown) {
        var changes = !READS.contains(request.getMethod());
        return failures.answer(thrown, changes ? Effect.UNKNOWN : Effect.NONE);
    }

    /** Gives a prepared answer to something that went wrong. */
    void refuse(Failures.Answer answer) {
        Runnable give = () -> answer(answer.status(), ProblemJson.CONTENT_TYPE, answer.headers(), answer.json());
        if (answer.status() == REQUEST_TIMEOUT) {
            give.run(); // the rest of the body would have to be waited for again
        } else {
            BodyDiscard.before(request, slow, give);
        }
    }

    /** A problem that names this request. */
    Problem problem(ErrorCode code) {
        return Problem.of(code, operation());
    }

    private void begin(int status, String contentType, Map<String, String> headers) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        headers.forEach(response.getHeaders()::put);
    }
}
