package io.seawall.node.http.exchange;

import io.seawall.node.http.json.JsonStreams;
import io.seawall.node.http.pace.PaceWatch;
import io.seawall.node.serve.InternalErrors;
import io.seawall.wal.Effect;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.eclipse.jetty.http.HttpException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Converts any exception into the answer to a request, once, at the edge. Logs those that are the node's own fault. */
public final class HttpErrors {
    private static final Logger LOG = LoggerFactory.getLogger(HttpErrors.class);

    private static final int UNAUTHENTICATED = 401;

    /** Jetty's reasons, in words. */
    private static final Map<String, String> WORDS = Map.of(
            "Bad query", "a query that is not UTF-8 behind its percent signs",
            "No URI", "a first line without a path",
            "No Host", "no header Host",
            "Ambiguous URI path separator", "a slash written as %2F in the path",
            "Unsupported Version", "another version of HTTP",
            "Invalid Content-Length Value", "a Content-Length that is no number",
            "URI Too Long", "a path and query of more than 16 KiB");

    private final InternalErrors internal;

    public HttpErrors(RandomGenerator random) {
        internal = new InternalErrors(LOG, random);
    }

    /**
     * An answer to a request that failed.
     *
     * @param status its HTTP status
     * @param problem the problem to report
     * @param headers additional headers
     * @param id the id of the log entry, or null if there is none
     */
    public record Answer(
            int status,
            Problem problem,
            Map<String, String> headers,
            @Nullable String id) {
        public Answer(int status, Problem problem, Map<String, String> headers, @Nullable String id) {
            this.status = status;
            this.problem = problem;
            this.headers = headers;
            this.id = id;
        }

        /** Returns the same answer with a number that becomes a member of the problem. */
        public Answer with(String name, long number) {
            return new Answer(status, problem.with(name, number), headers, id);
        }

        /** Returns the same answer with another effect of the request. */
        public Answer effect(Effect effect) {
            return new Answer(status, problem.effect(effect), headers, id);
        }

        /** Returns the problem as a part of another answer. */
        public byte[] json() {
            return JsonStreams.bytes(json -> ProblemJson.write(json, this));
        }

        /** Returns the problem as an answer of its own, which ends with the end of a line. */
        public byte[] body(boolean pretty) {
            return JsonStreams.lines(json -> ProblemJson.write(json, this), pretty);
        }
    }

    /**
     * Returns the answer to an exception. Logs it if an operator has to act on it.
     *
     * @param effect the effect of an unexpected failure: unknown, unless the request changes nothing anyway
     */
    Answer answer(Throwable thrown, Effect effect) {
        var error = FutureErrors.unwrapped(thrown);
        if (error instanceof HttpRefusal refusal) {
            return new Answer(refusal.status(), refusal.problem(), refusal.headers(), null);
        }
        if (error instanceof HttpException http) {
            return jetty(http.getCode(), http.getReason());
        }
        if (error instanceof PaceWatch.SlowClientException) {
            return tooSlow("a body that is " + error.getMessage());
        }
        if (error instanceof TimeoutException) {
            return tooSlow("a body that stalled for too long");
        }
        if (error instanceof WalException wal && wal.code() != ErrorCode.INTERNAL) {
            return answer(wal.problem(), null);
        }
        var logged = internal.log("a request", error, effect);
        return answer(logged.problem(), logged.id());
    }

    /** Returns the answer to a request that Jetty rejected before it reached a resource. */
    public static Answer jetty(int status, @Nullable String reason) {
        var code = switch (status) {
            case 404 -> ErrorCode.NOT_FOUND;
            case 413 -> ErrorCode.TOO_LARGE;
            case 503 -> ErrorCode.SHUTTING_DOWN;
            case 501, 505 -> ErrorCode.INVALID; // the client's fault, although they are above 499
            default -> status >= 500 ? ErrorCode.INTERNAL : ErrorCode.INVALID;
        };
        var found = reason == null ? "status " + status : WORDS.getOrDefault(reason, reason);
        var problem = Problem.of(code, "accept the request")
                .found(found)
                .expected("a well-formed HTTP/1.1 request within the limits");
        return new Answer(status, problem, Map.of(), null);
    }

    private static Answer tooSlow(String found) {
        var problem = Problem.of(ErrorCode.INVALID, "accept the request")
                .found(found)
                .expected("a body that arrives without long pauses");
        return new Answer(408, problem, Map.of("Connection", "close"), null);
    }

    private static Answer answer(Problem problem, @Nullable String id) {
        var status = Statuses.of(problem);
        var headers = new HashMap<String, String>();
        if (Statuses.retryLater(status)) {
            headers.put("Retry-After", "1");
        }
        if (status == UNAUTHENTICATED) {
            headers.put("WWW-Authenticate", "Bearer realm=\"seawall\"");
        }
        return new Answer(status, problem, headers, id);
    }
}
