package io.seawall.walkafka.internal.client;

import io.seawall.wal.Effect;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import io.seawall.walkafka.internal.serial.PortErrors;
import io.seawall.walkafka.port.LaneFault;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Translates the exceptions of Kafka's clients. Other classes of this package catch only single exceptions that they expect. An
 * exception that is not listed is {@link LaneFault.Kind#UNAVAILABLE}: the caller can try again and read the log. The list:
 * docs/kafka.md#producer-errors.
 */
final class KafkaErrors {
    private static final Map<LaneFault.Kind, List<Class<? extends Throwable>>> KINDS = Map.of(
            LaneFault.Kind.FENCED,
                    List.of(
                            ProducerFencedException.class,
                            InvalidProducerEpochException.class,
                            InvalidPidMappingException.class,
                            InvalidTxnStateException.class),
            LaneFault.Kind.TOO_LARGE, List.of(RecordTooLargeException.class, RecordBatchTooLargeException.class),
            LaneFault.Kind.REFUSED, List.of(InvalidRecordException.class, InvalidTimestampException.class),
            LaneFault.Kind.GONE,
                    List.of(
                            UnknownTopicOrPartitionException.class,
                            UnknownTopicIdException.class,
                            InvalidTopicException.class),
            LaneFault.Kind.FORBIDDEN, List.of(AuthorizationException.class, AuthenticationException.class));

    private KafkaErrors() {}

    /** Translates the error of a send, a commit or an initialization. */
    static LaneFault laneFault(Throwable error) {
        var unwrapped = FutureErrors.unwrapped(error);
        return unwrapped instanceof LaneFault known ? known : new LaneFault(kind(unwrapped), unwrapped);
    }

    /**
     * Returns the kind of the first listed exception in the chain of causes. Kafka wraps exceptions: an abortable error has the real
     * one as its cause.
     */
    private static LaneFault.Kind kind(Throwable error) {
        Throwable at = error;
        for (var depth = 0; at != null && depth < 10; depth++) {
            var kind = kindOf(at);
            if (kind != null && (depth == 0 || !blamesRecords(kind))) {
                return kind;
            }
            at = at.getCause();
        }
        return LaneFault.Kind.UNAVAILABLE;
    }

    /**
     * Returns whether a kind means that the failed record itself is wrong. As the cause of another error it means an earlier
     * record.
     */
    private static boolean blamesRecords(LaneFault.Kind kind) {
        return kind == LaneFault.Kind.TOO_LARGE || kind == LaneFault.Kind.REFUSED;
    }

    private static LaneFault.@Nullable Kind kindOf(Throwable error) {
        for (var row : KINDS.entrySet()) {
            if (row.getValue().stream().anyMatch(type -> type.isInstance(error))) {
                return row.getKey();
            }
        }
        return null;
    }

    /** Translates the error of an operation on a log. */
    static WalException walException(String operation, PChannel pchannel, Throwable error) {
        return PortErrors.walException(operation, pchannel, translated(error));
    }

    /** Translates the error of an operation that concerns no single log. */
    static WalException walException(String operation, Throwable error) {
        return PortErrors.walException(operation, translated(error));
    }

    private static Throwable translated(Throwable error) {
        var unwrapped = FutureErrors.unwrapped(error);
        return unwrapped instanceof WalException ? unwrapped : laneFault(unwrapped);
    }

    /**
     * Translates the error of a request that changes Kafka. Unless Kafka refused the change, its effect is unknown: the client
     * cannot tell whether a broker got a request that the client gave up on.
     */
    static WalException changeFailed(String operation, Throwable error) {
        var unwrapped = FutureErrors.unwrapped(error);
        if (unwrapped instanceof WalException known) {
            return known;
        }
        var problem = PortErrors.problem(operation, laneFault(unwrapped));
        return isRefusal(unwrapped)
                ? problem.exception()
                : problem.effect(Effect.UNKNOWN)
                        .fix("whether it was done is not known; the same request can be repeated")
                        .exception();
    }

    private static boolean isRefusal(Throwable error) {
        return error instanceof ApiException
                && !(error instanceof RetriableException)
                && !(error instanceof UnknownServerException);
    }
}
