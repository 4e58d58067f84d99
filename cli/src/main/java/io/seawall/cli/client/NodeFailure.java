package io.seawall.cli.client;

import io.seawall.cli.command.CommandFailed;
import io.seawall.client.log.SeawallException;
import io.seawall.wal.Effect;

/** A request that a node refused, that reached no node, or whose answer was lost. */
public final class NodeFailure extends CommandFailed {
    private static final long serialVersionUID = 1;

    private final String code;
    private final Effect effect;

    public NodeFailure(String code, Effect effect, String detail) {
        super(code + ": " + detail);
        this.code = code;
        this.effect = effect;
    }

    NodeFailure(String code, Effect effect, String detail, Throwable cause) {
        super(code + ": " + detail, cause);
        this.code = code;
        this.effect = effect;
    }

    /**
     * Returns the failure for an error of the Java client.
     *
     * @param before goes before the error's message
     * @param behind goes behind it
     */
    public static NodeFailure of(SeawallException error, String before, String behind) {
        return new NodeFailure(
                error.code(), Effect.valueOf(error.effect().name()), before + error.getMessage() + behind, error);
    }

    /** Returns the node's error code, or one of NO_CONNECTION, NO_GRPC, UNREACHABLE, NO_ANSWER, BAD_ANSWER and HTTP_nnn. */
    public String code() {
        return code;
    }

    /** Returns whether the request may have changed something. */
    public Effect effect() {
        return effect;
    }
}
