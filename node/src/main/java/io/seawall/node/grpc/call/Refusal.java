package io.seawall.node.grpc.call;

import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import java.util.Map;

/** An error with more for the client than its problem: where the log's owner is. */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Problem problem;
    private final transient Map<String, String> more;

    /**
     * Creates a refusal.
     *
     * @param error the error
     * @param more what to add to the metadata of its ErrorInfo
     */
    public Refusal(WalException error, Map<String, String> more) {
        super(error.getMessage(), error);
        this.problem = error.problem();
        this.more = Map.copyOf(more);
    }

    Problem problem() {
        return problem;
    }

    Map<String, String> more() {
        return more;
    }
}
