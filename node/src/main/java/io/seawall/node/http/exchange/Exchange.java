package io.seawall.node.http.exchange;

import io.seawall.node.guard.Session;
import io.seawall.node.http.coding.Coding;
import io.seawall.node.http.json.FlatJson;
import io.seawall.node.http.json.JsonStreams;
import io.seawall.node.http.json.Shown;
import io.seawall.node.http.pace.SlowClients;
import io.seawall.node.serve.ByteBudget;
import io.seawall.wal.Effect;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.FutureErrors;
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
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** One request and its answer. The first answer is sent, later ones are ignored. Thread-safe. */
public final class Exchange {
    public static final String JSON = "application/json";
    private static final String EVENTS = "text/event-stream";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final int REQUEST_TIMEOUT = 408;

    private static final Set<String> READS = Set.of("GET", "HEAD");

    private final Request request;
    private final Response response;
    private final Callback callback;
    private final Router.Match match;
    private final HttpErrors failures;
    private final SlowClients slow;
    private final AtomicBoolean answered = new AtomicBoolean();
    private final AtomicBoolean completed = new AtomicBoolean(); // only for streams
    private volatile Session session = Session.ANYONE; // written once, before the endpoint handles the exchange

    Exchange(
            Request request,
            Response response,
            Callback callback,
            Router.Match match,
            HttpErrors failures,
            SlowClients slow) {
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.match = match;
        this.failures = failures;
        this.slow = slow;
    }

    /** Returns the method and the path, as a phrase that fits after "cannot". */
    public String operation() {
        return match.route().method() + " " + Shown.path(request.getHttpURI().getPath());
    }

    /** Sets whose request it is. */
    public void by(Session caller) {
        session = caller;
    }

    /** Returns the rights of the request's caller. */
    public Session session() {
        return session;
    }

    /** Returns whether only the head of the answer is sent; Jetty omits the body. */
    public boolean isHead() {
        return match.route().method().equals(Router.HEAD);
    }

    /** Returns the part of the path at a name of the template. */
    public String path(String name) {
        var value = match.parameters().get(name);
        if (value == null) {
            throw new IllegalStateException(
                    "no {" + name + "} in " + match.route().template());
        }
        return value;
    }

    /** Returns the pchannel that the path names. */
    public PChannel pchannel() {
        return PChannel.parse(path("p"));
    }

    /** Returns path and query as they were sent. */
    public String pathAndQuery() {
        return request.getHttpURI().getPathQuery();
    }

    /**
     * Returns the value of a header, or null.
     *
     * @throws HttpRefusal with status 400 if the header occurs twice, because one value would be ignored
     */
    @Nullable
    public String header(String name) {
        var values = request.getHeaders().getValuesList(name);
        if (values.size() > 1) {
            throw HttpRefusal.of(400, operation(), "header " + name + " twice", "the header once");
        }
        return values.isEmpty() ? null : values.get(0);
    }

    /** Returns the parameters of the query; none may occur twice. */
    public Query query() {
        var parameters = new HashMap<String, String>();
        for (var field : Request.extractQueryParameters(request)) {
            if (field.getValues().size() > 1) {
                throw new Query(operation(), Map.of())
                        .invalid("query parameter " + Shown.text(field.getName()) + " twice", "the parameter once");
            }
            parameters.put(field.getName(), field.getValue());
        }
        return new Query(operation(), parameters).withoutPretty();
    }

    /**
     * Chooses the form of the answer.
     *
     * @throws HttpRefusal with status 406 if the client accepts none of them
     */
    public String accepted(String... offered) {
        var accepts = request.getHeaders().getValuesList(HttpHeader.ACCEPT);
        return Accept.choose(accepts, List.of(offered))
                .orElseThrow(() -> HttpRefusal.of(
                        406,
                        operation(),
                        "Accept " + Shown.text(String.join(", ", accepts)),
                        "one of " + List.of(offered)));
    }

    /**
     * Returns the type of the request's body, without parameters.
     *
     * @throws HttpRefusal with status 415 for a type that is not allowed, or JSON in a charset other than UTF-8
     */
    public String contentType(String... allowed) {
        var value = header(HttpHeader.CONTENT_TYPE.asString());
        var type = value == null ? "" : value.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (!List.of(allowed).contains(type)) {
            throw unsupported(type, allowed);
        }
        if (type.endsWith("json") && value != null) {
            BodyRules.checkCharset(operation(), value);
        }
        return type;
    }

    /** A client that did not choose a type has to be told how to. */
    private HttpRefusal unsupported(String type, String... allowed) {
        var found = type.isEmpty() ? "no Content-Type" : "Content-Type " + Shown.text(type);
        var problem = Problem.of(ErrorCode.INVALID, operation()).found(found).expected("one of " + List.of(allowed));
        return new HttpRefusal(
                415,
                type.isEmpty() || type.equals(FORM)
                        ? problem.fix("add the header with curl -H 'Content-Type: " + allowed[0] + "'"
                                + (type.equals(FORM) ? ", as curl -d sends this type by itself" : ""))
                        : problem,
                Map.of());
    }

    /**
     * Reads an optional JSON body and then calls {@code then} with it; the body is empty if there is none.
     *
     * @throws HttpRefusal with status 415 for a body of a type other than JSON
     */
    public void optionalJson(ByteBudget budget, Consumer<byte[]> then) {
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

    /** Checks that a body, if there is one, is an empty object, and then runs {@code then}. */
    public void noMembers(ByteBudget budget, Runnable then) {
        optionalJson(budget, body -> {
            if (body.length > 0) {
                FlatJson.parse(operation(), body, Set.of());
            }
            then.run();
        });
    }

    /**
     * Reads the whole body; see {@link BodyReader#read}.
     *
     * @throws HttpRefusal for a body that {@link BodyRules#coding} rejects
     */
    public CompletableFuture<byte[]> body(int maxBytes, ByteBudget budget) {
        return BodyReader.read(request, BodyRules.coding(operation(), request), maxBytes, budget, slow);
    }

    /** Answers with a small JSON value. */
    public void json(int status, JsonStreams.Body body) {
        answer(status, JSON, Map.of(), JsonStreams.lines(body, isPretty()));
    }

    /** Returns whether the client wants JSON that is easy to read for people. */
    public boolean isPretty() {
        return Query.isPretty(request.getHttpURI().getQuery());
    }

    /** Answers with the given bytes, packed if the client accepts that and they are many. */
    public void answer(int status, String contentType, Map<String, String> headers, byte[] bytes) {
        if (answered.compareAndSet(false, true)) {
            begin(status, contentType, headers);
            var coding = bytes.length < AnswerStream.SMALL_BYTES ? Coding.IDENTITY : coding(contentType);
            var sent = bytes;
            if (coding != Coding.IDENTITY) {
                sent = coding.pack(bytes);
                response.getHeaders().put(HttpHeader.CONTENT_ENCODING, coding.token());
            }
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, sent.length);
            completed.set(true); // the write completes the callback
            response.write(true, ByteBuffer.wrap(sent), callback);
        }
    }

    /** Chooses the coding of an answer, and states that there is a choice. Events must not wait until they are worth packing. */
    private Coding coding(String contentType) {
        if (contentType.startsWith(EVENTS)) {
            return Coding.IDENTITY;
        }
        response.getHeaders().add(HttpHeader.VARY, HttpHeader.ACCEPT_ENCODING.asString());
        return AcceptEncoding.choose(request.getHeaders().getValuesList(HttpHeader.ACCEPT_ENCODING));
    }

    /**
     * Begins an answer of unknown length. Writing to the stream blocks while the client does not read, at most for the
     * connection's idle time. The caller should collect small pieces, since a stream that begins with a small one is not packed. It
     * must call {@link #end} or {@link #fail} afterwards.
     */
    public OutputStream stream(int status, String contentType) {
        if (!answered.compareAndSet(false, true)) {
            throw new IllegalStateException("answered twice: " + operation());
        }
        begin(status, contentType, Map.of());
        return new AnswerStream(request, response, coding(contentType));
    }

    /** Begins an answer of unknown length that is written without a waiting thread. The caller must end it. */
    public LiveStream liveStream(int status, String contentType) {
        if (!answered.compareAndSet(false, true)) {
            throw new IllegalStateException("answered twice: " + operation());
        }
        begin(status, contentType, Map.of());
        completed.set(true); // the stream completes the callback
        return new LiveStream(response, callback);
    }

    /**
     * Prepares an answer that is written while the body arrives.
     *
     * @param reader reads the body
     * @throws HttpRefusal for a body that {@link BodyRules#checkPlain} rejects
     */
    public Duplex duplex(Duplex.Reader reader) {
        BodyRules.checkPlain(operation(), request);
        return new Duplex(this, request, response, slow, reader);
    }

    /** Returns a claim of this request on the budget of all bodies. */
    public BodyClaim claim(ByteBudget budget) {
        return BodyClaim.of(request, budget);
    }

    void beginDuplex(int status, String contentType) {
        if (!answered.compareAndSet(false, true)) {
            throw new IllegalStateException("answered twice: " + operation());
        }
        begin(status, contentType, Map.of());
    }

    void beginDuplex(HttpErrors.Answer answer) {
        beginDuplex(answer.status(), ProblemJson.CONTENT_TYPE);
        answer.headers().forEach(response.getHeaders()::put);
    }

    /** Completes the request; with a failure, closes the connection. */
    void endDuplex(@Nullable Throwable failure) {
        if (failure != null) {
            broken(failure);
        } else if (completed.compareAndSet(false, true)) {
            callback.succeeded();
        }
    }

    /** Completes a stream. Blocks until its last byte is handed to the connection. */
    public void end(OutputStream stream) {
        try {
            stream.close();
            if (completed.compareAndSet(false, true)) {
                callback.succeeded();
            }
        } catch (IOException e) {
            broken(e);
        }
    }

    /** Closes the connection of a stream that cannot be completed, so that the client notices. */
    private void broken(Throwable cause) {
        if (completed.compareAndSet(false, true)) {
            callback.failed(cause);
        }
    }

    /** Answers with an error; cuts off a stream that has begun. */
    public void fail(Throwable thrown) {
        var error = FutureErrors.unwrapped(thrown);
        if (error instanceof IOException && !(error instanceof HttpException)) {
            broken(thrown); // The client disconnected, or stalled for too long, so no one reads an answer.
            return;
        }
        var answer = failure(thrown);
        if (answered.get()) {
            broken(thrown);
        } else {
            refuse(answer);
        }
    }

    /** Continues when a future completes, on the completing thread; an exception of the next step becomes the answer. */
    public <T> void when(CompletableFuture<T> future, Consumer<T> done, Consumer<Throwable> failed) {
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

    /** Returns the answer to an error. */
    public HttpErrors.Answer failure(Throwable thrown) {
        var changes = !READS.contains(request.getMethod());
        return failures.answer(thrown, changes ? Effect.UNKNOWN : Effect.NONE);
    }

    /** Sends a prepared answer to an error. */
    void refuse(HttpErrors.Answer answer) {
        Runnable give =
                () -> answer(answer.status(), ProblemJson.CONTENT_TYPE, answer.headers(), answer.body(isPretty()));
        if (answer.status() == REQUEST_TIMEOUT) {
            give.run(); // otherwise the discard would wait for the rest of the body again
        } else {
            BodyDiscard.before(request, slow, give);
        }
    }

    /** Starts a problem that names this request. */
    public Problem problem(ErrorCode code) {
        return Problem.of(code, operation());
    }

    private void begin(int status, String contentType, Map<String, String> headers) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        headers.forEach(response.getHeaders()::put);
    }
}
