package io.seawall.walkafka.internal.serial;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import io.seawall.walkafka.port.LaneFault;

/**
 * What callers are told when a port failed. A port has translated what its client threw: a lane fails with a {@link LaneFault},
 * everything else with a {@link WalException}. Total: anything else counts as {@link LaneFault.Kind#UNAVAILABLE}, as the log can
 * always be asked again.
 */
public final class PortErrors {
    private static final int DEEPEST = 10;

    private PortErrors() {}

    /** The fault of a lane. */
    public static LaneFault laneFault(Throwable error) {
        var unwrapped = FutureErrors.unwrapped(error);
        return unwrapped instanceof LaneFault known ? known : new LaneFault(LaneFault.Kind.UNAVAILABLE, unwrapped);
    }

    /** What a caller is told when an operation on a log failed for a reason below it. */
    public static WalException walException(String operation, PChannel pchannel, Throwable error) {
        var unwrapped = FutureErrors.unwrapped(error);
        return unwrapped instanceof WalException known
                ? known
                : problem(operation, unwrapped).pchannel(pchannel).exception();
    }

    /** The same for operations that concern no pchannel. */
    public static WalException walException(String operation, Throwable error) {
        var unwrapped = FutureErrors.unwrapped(error);
        return unwrapped instanceof WalException known
                ? known
                : problem(operation, unwrapped).exception();
    }

    /** Describes the failure of an operation; the caller adds what it knows. */
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

    /** Names the error and its first cause, which Kafka's outer exceptions leave out. */
    public static String shown(Throwable error) {
        var text = named(error);
        var root = error;
        for (var depth = 0; root.getCause() != null && depth < DEEPEST; depth++) {
            root = root.getCause();
        }
        return text.contains(String.valueOf(root.getMessage())) ? text : text + " (" + named(root) + ")";
    }

    private static String named(Throwable error) {
        return error.getClass().getSimpleName() + ": " + error.getMessage();
    }
}
