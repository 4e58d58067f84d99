package io.seawall.walkafka;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import io.seawall.walkafka.port.LaneFault;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.InvalidRecordException;
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
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Translates what Kafka's clients throw; the only place that knows their classes. Total: what is not listed is
 * {@link LaneFault.Kind#UNAVAILABLE}, as the log can always be asked again. Rows: facts on Kafka transactions, 1.6.
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

    /** The kind of a failed send, commit or initialization. */
    static LaneFault laneFault(Throwable error) {
        var unwrapped = Futures.unwrapped(error);
        return unwrapped instanceof LaneFault known ? known : new LaneFault(kind(unwrapped), unwrapped);
    }

    /**
     * The kind of what was thrown. Kafka wraps: an abortable error carries what it stands for as its cause, so the chain is
     * searched and the first known class decides.
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

    /** These blame the very record that failed; wrapped, they are the reason why others fail too. */
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

    /** What a caller is told when an operation on a log failed for a reason below it. */
    static WalException walException(String operation, PChannel pchannel, Throwable error) {
        var unwrapped = Futures.unwrapped(error);
        if (unwrapped instanceof WalException known) {
            return known;
        }
        return problem(operation, unwrapped).pchannel(pchannel).exception();
    }

    /** The same for operations that concern no pchannel. */
    static WalException walException(String operation, Throwable error) {
        var unwrapped = Futures.unwrapped(error);
        return unwrapped instanceof WalException known
                ? known
                : problem(operation, unwrapped).exception();
    }

    private static Problem problem(String operation, Throwable error) {
        var fault = laneFault(error);
        var cause = fault == error && fault.getCause() != null ? fault.getCause() : error;
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

    private static String shown(Throwable error) {
        return error.getClass().getSimpleName() + ": " + error.getMessage();
    }
}
