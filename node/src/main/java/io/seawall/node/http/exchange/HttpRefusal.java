package io.seawall.node.http.exchange;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import java.util.Map;

/** A request that is rejected with an HTTP status that does not follow from the problem's code. */
public final class HttpRefusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final transient Problem problem;
    private final transient Map<String, String> headers;

    public HttpRefusal(int status, Problem problem, Map<String, String> headers) {
        super(problem.message());
        this.status = status;
        this.problem = problem;
        this.headers = Map.copyOf(headers);
    }

    /** Creates a refusal with code INVALID. */
    static HttpRefusal of(int status, String operation, String found, String expected) {
        var problem = Problem.of(ErrorCode.INVALID, operation).found(found).expected(expected);
        return new HttpRefusal(status, problem, Map.of());
    }

    int status() {
        return status;
    }

    Problem problem() {
        return problem;
    }

    Map<String, String> headers() {
        return headers;
    }
}
