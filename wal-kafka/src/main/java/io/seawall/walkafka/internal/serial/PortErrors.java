package io.seawall.walkafka.internal.serial;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import io.seawall.walkafka.port.LaneFault;

/**
 * Translates the errors of ports into errors for callers. A lane fails with a {@link LaneFault}, every other port with a
 * {@link WalException}. Any other error counts as {@link LaneFault.Kind#UNAVAILABLE}: the caller can try again and read the log.
 */
public final class PortErrors {
    private static final int DEEPEST = 10;

    private PortErrors() {}

    /** Returns the fault of a lane. */
    public static LaneFault laneFault(Throwable error) {
        var unwrapped = FutureErrors.unwrapped(error);
        return unwrapped instanceof LaneFault known ? known : new LaneFault(LaneFault.Kind.UNAVAILABLE, unwrapped);
    }

    /** Returns the error of an operation on a log. */
    public static WalException walException(String operation, PChannel pchannel, Throwable error) {
        var unwrapped = FutureErrors.unwrapped(error);
        return unwrapped instanceof WalException known
                ? known
                : problem(operation, unwrapped).pchannel(pchannel).exception();
    }

    /** Returns the error of an operation that concerns no single log. */
    public static WalException walException(String operation, Throwable error) {
        var unwrapped = FutureErrors.unwrapped(error);
        return unwrapped instanceof WalException known
                ? known
                : problem(operation, unwrapped).exception();
    }

    /** Describes the failure of an operation. The caller may add details. */
    public static Problem problem(String operation, Throwable error) {
        var fault = laneFault(error);
        var cause = fault.getCause() != null ? fault.getCause() : fault;
        return switch (fault.kind()) {
            case FENCED ->
                Problem.of(ErrorCode.FENCED, operation)
                        .found(shown(cause))
                        .expected("to be the only user of the transactional ids")
                        .cause(cause);
            case TOO_LARGE ->
                Problem.of(ErrorCode.TOO_LARGE, operation).found(shown(cause)).cause(cause);
            case REFUSED ->
                Problem.of(ErrorCode.INVALID, operation).found(shown(cause)).cause(cause);
            case GONE ->
                Problem.of(ErrorCode.NOT_FOUND, operation)
                        .found("no such topic in Kafka")
                        .fix("create the topic")
                        .cause(cause);
            case FORBIDDEN ->
                Problem.of(ErrorCode.INTERNAL, operation)
                        .found(shown(cause))
                        .fix("give this node's Kafka user the rights for its prefix")
                        .cause(cause);
            case UNAVAILABLE ->
                Problem.of(ErrorCode.UNAVAILABLE, operation).found(shown(cause)).cause(cause);
        };
    }

    /** Says what an error means, and its root cause, which Kafka's outer exceptions leave out. */
    public static String shown(Throwable error) {
        var text = FutureErrors.text(error);
        var root = error;
        for (var depth = 0; root.getCause() != null && depth < DEEPEST; depth++) {
            root = root.getCause();
        }
        return text.contains(String.valueOf(root.getMessage())) ? text : text + " (" + FutureErrors.text(root) + ")";
    }
}
