package io.seawall.coordinator.kafka;

import io.seawall.wal.Effect;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;

/** Translates the exceptions of Kafka's clients. One that is not listed is {@link ErrorCode#UNAVAILABLE}. */
final class KafkaErrors {
    private static final int DEEPEST = 10;

    private static final Map<ErrorCode, List<Class<? extends Throwable>>> CODES = Map.of(
            ErrorCode.FENCED,
                    List.of(
                            ProducerFencedException.class,
                            InvalidProducerEpochException.class,
                            InvalidPidMappingException.class,
                            InvalidTxnStateException.class),
            ErrorCode.FORBIDDEN, List.of(AuthorizationException.class, AuthenticationException.class),
            ErrorCode.TOO_LARGE, List.of(RecordTooLargeException.class, RecordBatchTooLargeException.class),
            ErrorCode.INVALID, List.of(ConfigException.class));

    private KafkaErrors() {}

    /** Translates the error of a call that changes nothing, or whose effect does not matter. */
    static WalException translated(String operation, Throwable error) {
        return translated(operation, error, Effect.NONE);
    }

    /** Translates the error of a write, which may have been done nevertheless. */
    static WalException ofWrite(String operation, Throwable error) {
        return translated(operation, error, Effect.UNKNOWN);
    }

    private static WalException translated(String operation, Throwable error, Effect effect) {
        var unwrapped = FutureErrors.unwrapped(error);
        return unwrapped instanceof WalException known
                ? known
                : Problem.of(code(unwrapped), operation)
                        .found(shown(unwrapped))
                        .effect(effect)
                        .cause(unwrapped)
                        .exception();
    }

    /** Kafka wraps exceptions: the first one that is listed counts. */
    private static ErrorCode code(Throwable error) {
        Throwable at = error;
        for (var depth = 0; at != null && depth < DEEPEST; depth++) {
            for (var row : CODES.entrySet()) {
                if (row.getValue().stream().anyMatch(type(at))) {
                    return row.getKey();
                }
            }
            at = at.getCause();
        }
        return ErrorCode.UNAVAILABLE;
    }

    private static Predicate<Class<? extends Throwable>> type(Throwable error) {
        return type -> type.isInstance(error);
    }

    /** Says what an error means, and its root cause, which Kafka's outer exceptions leave out. */
    private static String shown(Throwable error) {
        var root = error;
        for (var depth = 0; root.getCause() != null && depth < DEEPEST; depth++) {
            root = root.getCause();
        }
        return root.equals(error)
                ? FutureErrors.text(error)
                : FutureErrors.text(error) + " (" + FutureErrors.text(root) + ")";
    }
}
