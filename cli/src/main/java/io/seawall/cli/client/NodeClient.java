package io.seawall.cli.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.seawall.cli.command.Json;
import io.seawall.wal.Effect;
import io.seawall.wal.WriterSeq;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP client of every command. Sends one request, waits for the answer, and converts every failure to a
 * {@link NodeFailure}. Follows a redirect to the owner or the coordinator with method and body. Each call blocks. Thread-safe.
 */
public final class NodeClient {
    /** The timeout of requests that a node answers at once, or after at most its own delivery timeout of 30 s. */
    public static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);

    /** The code of a failure to connect to the node to which another one redirects: it may have ended a moment ago. */
    public static final String UNREACHABLE = "UNREACHABLE";

    private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(10);
    private static final String JSON_TYPE = "application/json";
    /** More than a request needs while owners or coordinators change; a loop ends here. */
    private static final int MOST_REDIRECTS = 5;

    private static final Set<Integer> REDIRECTS = Set.of(307, 308);

    private final HttpClients clients;
    private final String base;
    private final Login login;

    public NodeClient(URI url) {
        this(url, null);
    }

    /**
     * Creates a client.
     *
     * @param url the address of a node
     * @param tls for addresses with {@code https}; null for what the JVM trusts
     */
    public NodeClient(URI url, @Nullable SSLContext tls) {
        this(url, tls, Login.NONE);
    }

    /** Like the constructor without a token, for a caller that has one. */
    public NodeClient(URI url, SSLContext tls, Optional<String> token) {
        this(url, tls, new Login(token.orElse(null), false));
    }

    /** Like the public constructor, for a caller that shows who it is. */
    NodeClient(URI url, @Nullable SSLContext tls, Login login) {
        this.login = login;
        this.clients = new HttpClients(CONNECT_PATIENCE, tls);
        this.base = url.toString().replaceFirst("/+$", "");
    }

    /**
     * A node's answer to a request that it accepted.
     *
     * @param status 200 to 299
     * @param from the address that answered, after redirects
     * @param body the JSON, or an empty object if there was none
     */
    public record Answer(int status, URI from, JsonNode body) {}

    /** Returns the address of a path of this node. */
    public URI uri(String path) {
        return URI.create(base + path);
    }

    public JsonNode get(String path) {
        return answer(HttpRequest.newBuilder(uri(path)).GET(), ANSWER_TIMEOUT, Effect.NONE)
                .body();
    }

    public Answer put(String path, JsonNode body, Duration timeout) {
        var publisher = BodyPublishers.ofString(Json.line(body));
        return answer(HttpRequest.newBuilder(uri(path)).PUT(publisher), timeout, Effect.UNKNOWN);
    }

    public Answer post(URI target, BodyPublisher body, Duration timeout) {
        return answer(HttpRequest.newBuilder(target).POST(body), timeout, Effect.UNKNOWN);
    }

    /** Posts records. Does not use expectContinue: with it, java.net.http of JDK 17 waits for ever for a redirect of Jetty. */
    public Answer append(URI target, BodyPublisher body, @Nullable WriterSeq writer) {
        var request = HttpRequest.newBuilder(target).POST(body);
        if (writer != null) {
            request.header("Idempotency-Key", writer.toString());
        }
        return answer(request, ANSWER_TIMEOUT, Effect.UNKNOWN);
    }

    public Answer delete(String path) {
        return answer(HttpRequest.newBuilder(uri(path)).DELETE(), ANSWER_TIMEOUT, Effect.UNKNOWN);
    }

    private Answer answer(HttpRequest.Builder request, Duration timeout, Effect ifAnswerIsLost) {
        var response = send(request, timeout, ifAnswerIsLost);
        try (var body = response.body()) {
            var tree = Json.MAPPER.readTree(body);
            return new Answer(response.statusCode(), response.uri(), tree.isMissingNode() ? Json.object() : tree);
        } catch (JsonProcessingException e) {
            throw new NodeFailure(
                    "BAD_ANSWER", ifAnswerIsLost, "the answer of " + response.uri() + " is not JSON; is it a node?", e);
        } catch (IOException e) {
            throw lost(response.uri(), ifAnswerIsLost, e);
        }
    }

    private HttpResponse<InputStream> send(HttpRequest.Builder builder, Duration timeout, Effect ifAnswerIsLost) {
        builder.timeout(timeout)
                .header("Content-Type", JSON_TYPE)
                .header("Accept", JSON_TYPE + ", application/problem+json");
        var request = withToken(builder.copy(), builder.copy().build().uri());
        var response = sendOnce(request, false, timeout, ifAnswerIsLost);
        for (var hops = 0; hops < MOST_REDIRECTS && location(response).isPresent(); hops++) {
            var next = redirected(builder, request, location(response).get());
            close(response);
            request = next;
            response = sendOnce(request, true, timeout, ifAnswerIsLost);
        }
        if (response.statusCode() >= 200 && response.statusCode() <= 299) {
            return response;
        }
        try {
            throw Refusal.read(response, ifAnswerIsLost);
        } catch (IOException e) {
            throw lost(request.uri(), ifAnswerIsLost, e);
        }
    }

    private static Optional<String> location(HttpResponse<InputStream> response) {
        return REDIRECTS.contains(response.statusCode()) ? response.headers().firstValue("Location") : Optional.empty();
    }

    /** Adds the token, but refuses to send it where the network could read it: without it, a node would refuse the request. */
    private HttpRequest withToken(HttpRequest.Builder builder, URI to) {
        if (login.isWithheldFrom(to)) {
            throw new NodeFailure(
                    "PLAIN_TEXT",
                    Effect.NONE,
                    "the token is not sent in plain text to " + to.getScheme() + "://" + to.getAuthority()
                            + "; use https, or allow it with --token-in-plain-text");
        }
        return login.addTo(builder, to).build();
    }

    private HttpRequest redirected(HttpRequest.Builder builder, HttpRequest from, String location) {
        try {
            var to = from.uri().resolve(location);
            if ("https".equals(from.uri().getScheme()) && !"https".equals(to.getScheme())) {
                throw new IllegalArgumentException("that is not https");
            }
            return withToken(builder.copy().uri(to), to);
        } catch (IllegalArgumentException e) {
            // The JDK's client rejects the address, for example a host with an underscore.
            throw new NodeFailure(
                    "NO_CONNECTION",
                    Effect.NONE,
                    "cannot connect to " + location + ", to which " + from.uri() + " redirects: " + e.getMessage(),
                    e);
        }
    }

    /** Ends an answer that nobody reads, so that its connection can be used again. */
    private static void close(HttpResponse<InputStream> response) {
        try (var body = response.body()) {
            body.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // The connection broke. The answer was complete enough to be followed.
        }
    }

    private HttpResponse<InputStream> sendOnce(
            HttpRequest request, boolean wasRedirected, Duration timeout, Effect ifAnswerIsLost) {
        try {
            return clients.forScheme(request.uri().getScheme()).send(request, BodyHandlers.ofInputStream());
        } catch (IllegalArgumentException e) {
            throw new NodeFailure(
                    "NO_CONNECTION", Effect.NONE, "cannot connect to " + request.uri() + ": " + e.getMessage(), e);
        } catch (HttpConnectTimeoutException | ConnectException e) {
            throw wasRedirected
                    ? new NodeFailure(UNREACHABLE, Effect.NONE, unreachable(request.uri()), e)
                    : new NodeFailure("NO_CONNECTION", Effect.NONE, noConnection(request.uri(), e), e);
        } catch (SSLException e) {
            // A node handles no request before the handshake is over.
            var effect = e instanceof SSLHandshakeException ? Effect.NONE : ifAnswerIsLost;
            throw new NodeFailure(
                    "NO_CONNECTION",
                    effect,
                    insecure(request.uri().getScheme() + "://" + request.uri().getAuthority(), e),
                    e);
        } catch (HttpTimeoutException e) {
            throw new NodeFailure(
                    "NO_ANSWER",
                    ifAnswerIsLost,
                    "no answer from " + request.uri() + " within " + timeout.toSeconds() + " s",
                    e);
        } catch (IOException e) {
            throw lost(request.uri(), ifAnswerIsLost, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NodeFailure("NO_ANSWER", ifAnswerIsLost, "interrupted while waiting for " + request.uri(), e);
        }
    }

    private static String unreachable(URI uri) {
        return "nothing answers at " + uri.getScheme() + "://" + uri.getAuthority()
                + ", to which the node redirects; if that node has ended, another one takes over within seconds";
    }

    private static String noConnection(URI uri, IOException why) {
        if (why.getCause() instanceof UnresolvedAddressException
                || (why.getCause() != null && why.getCause().getCause() instanceof UnresolvedAddressException)) {
            return "no address is known for the host " + uri.getHost()
                    + "; correct the address of the node, which --url or SEAWALL_URL sets";
        }
        return "nothing answers at " + uri.getScheme() + "://" + uri.getAuthority()
                + "; start a node with './seawall dev', or set the address of another one with --url or SEAWALL_URL";
    }

    /** Returns what to say about an address with which there is no TLS. */
    static String insecure(String address, IOException why) {
        if (String.valueOf(why.getMessage()).contains("plaintext connection")) {
            return "no TLS with " + address
                    + ": it answers in plain text; the address of a node without TLS begins with" + " http://";
        }
        return "no TLS with " + address + ": " + why.getMessage()
                + "; --ca names the CA that signed the node's certificate, --cert and --cert-key the one to show";
    }

    /** Returns the failure for a broken connection. */
    private static NodeFailure lost(URI uri, Effect effect, IOException cause) {
        var why = cause instanceof JsonProcessingException json ? json.getOriginalMessage() : cause.getMessage();
        if (String.valueOf(why).contains("status line")) {
            return new NodeFailure(
                    "NO_ANSWER",
                    effect,
                    "what answers at " + uri.getScheme() + "://" + uri.getAuthority()
                            + " does not speak HTTP/1.1; if that is the gRPC address of a node, give the one of its HTTP"
                            + " server, as in http://127.0.0.1:7070",
                    cause);
        }
        return new NodeFailure(
                "NO_ANSWER", effect, "the answer of " + uri + " broke off: " + why + hint(uri, why), cause);
    }

    private static String hint(URI uri, @Nullable String why) {
        if ("https".equals(uri.getScheme())) {
            // With TLS 1.3 a node refuses a client after the client's handshake, and may close before its reason is
            // read.
            return "; if the node asks for a certificate, --cert and --cert-key name the one to show";
        }
        return String.valueOf(why).contains("received no bytes")
                ? "; if the node serves TLS, its address begins with https://"
                : "";
    }
}
