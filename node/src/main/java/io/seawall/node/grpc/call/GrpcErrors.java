package io.seawall.node.grpc.call;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.seawall.api.v1.Problem;
import io.seawall.node.ports.Owners.Owner;
import io.seawall.node.ports.PChannelStatus.Ownership;
import io.seawall.node.serve.InternalErrors;
import io.seawall.wal.Effect;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.WalException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Converts any exception into the status that ends a call, once, at the edge. Logs those that are the node's own fault. Thread-safe.
 */
public final class GrpcErrors {
    /** The domain of every {@link ErrorInfo}. */
    public static final String DOMAIN = "seawall";

    private static final Logger LOG = LoggerFactory.getLogger(GrpcErrors.class);
    private static final int RETRY_SECONDS = 1;

    /**
     * The bytes of texts in a status. It travels twice in the trailers, once in base64, and many clients accept 8 KiB of those.
     */
    private static final int LONGEST_MESSAGE = 800;

    private static final int LONGEST_TEXT = 400;
    private static final Set<ErrorCode> WORTH_A_RETRY =
            Set.of(ErrorCode.OVERLOADED, ErrorCode.UNAVAILABLE, ErrorCode.SHUTTING_DOWN);

    private final InternalErrors internal;

    /**
     * Creates a translation.
     *
     * @param random makes the ids of errors in the log
     */
    public GrpcErrors(RandomGenerator random) {
        internal = new InternalErrors(LOG, random);
    }

    /** Returns the status code of an error. */
    public static Status.Code statusOf(ErrorCode code) {
        return switch (code) {
            case INVALID, TOO_LARGE -> Status.Code.INVALID_ARGUMENT;
            case UNAUTHENTICATED -> Status.Code.UNAUTHENTICATED;
            case FORBIDDEN -> Status.Code.PERMISSION_DENIED;
            case NOT_FOUND -> Status.Code.NOT_FOUND;
            case TRIMMED, BEYOND_TAIL -> Status.Code.OUT_OF_RANGE;
            // The client reads the log and decides again, or another owner or order came first.
            case TAIL_MISMATCH, FENCED, SUPERSEDED -> Status.Code.ABORTED;
            // The same call here fails again.
            case SEQUENCE_GAP, TERM_EXPIRED, IGNORED, NOT_OWNER -> Status.Code.FAILED_PRECONDITION;
            case OVERLOADED -> Status.Code.RESOURCE_EXHAUSTED;
            case UNAVAILABLE, SHUTTING_DOWN -> Status.Code.UNAVAILABLE;
            // Not UNAVAILABLE: libraries repeat that by themselves.
            case OUTCOME_UNKNOWN -> Status.Code.UNKNOWN;
            case DATA_LOSS, FORGED -> Status.Code.DATA_LOSS;
            case INTERNAL -> Status.Code.INTERNAL;
        };
    }

    /** Returns the exception whose status and trailers end a call. */
    public StatusRuntimeException toStatus(Throwable thrown) {
        var error = FutureErrors.unwrapped(thrown);
        if (error instanceof StatusRuntimeException status) {
            return status;
        }
        if (error instanceof Refusal refusal) {
            return toStatus(refusal.problem(), refusal.more());
        }
        return toStatus(problemOf(error), Map.of());
    }

    /** Returns the answer to a batch that was refused. */
    public Problem toProblem(Throwable thrown) {
        var problem = problemOf(FutureErrors.unwrapped(thrown));
        return Problem.newBuilder()
                .setCode(problem.code().name())
                .setEffect(problem.effect().name().toLowerCase(Locale.ROOT))
                .setMessage(cut(problem.message(), LONGEST_MESSAGE))
                .setFound(cut(problem.found(), LONGEST_TEXT))
                .setExpected(cut(problem.expected(), LONGEST_TEXT))
                .putAllNumbers(problem.numbers())
                .build();
    }

    private io.seawall.wal.Problem problemOf(Throwable error) {
        if (error instanceof WalException wal && wal.code() != ErrorCode.INTERNAL) {
            return wal.problem();
        }
        return internal.log("a call", error, Effect.UNKNOWN).problem();
    }

    private static StatusRuntimeException toStatus(io.seawall.wal.Problem problem, Map<String, String> more) {
        var status = com.google.rpc.Status.newBuilder()
                .setCode(statusOf(problem.code()).value())
                .setMessage(cut(problem.message(), LONGEST_MESSAGE))
                .addDetails(Any.pack(ErrorInfo.newBuilder()
                        .setDomain(DOMAIN)
                        .setReason(problem.code().name())
                        .putAllMetadata(metadata(problem, more))
                        .build()));
        if (WORTH_A_RETRY.contains(problem.code())) {
            status.addDetails(Any.pack(RetryInfo.newBuilder()
                    .setRetryDelay(Duration.newBuilder().setSeconds(RETRY_SECONDS))
                    .build()));
        }
        return StatusProto.toStatusRuntimeException(status.build());
    }

    private static Map<String, String> metadata(io.seawall.wal.Problem problem, Map<String, String> more) {
        var metadata = new TreeMap<>(more);
        metadata.put("effect", problem.effect().name().toLowerCase(Locale.ROOT));
        optional(metadata, "pchannel", problem.pchannel());
        optional(metadata, "found", problem.found());
        optional(metadata, "expected", problem.expected());
        problem.numbers().forEach((name, number) -> metadata.put(name, Long.toString(number)));
        return metadata;
    }

    private static void optional(Map<String, String> metadata, String name, @Nullable Object value) {
        if (value != null) {
            metadata.put(name, cut(value.toString(), LONGEST_TEXT));
        }
    }

    /** Returns the metadata that tells a client where the owner of a log is. */
    public static Map<String, String> owner(Owner owner) {
        return owner(owner.node(), owner.url(), owner.grpc());
    }

    /** Returns the metadata that tells a client where the owner of a log is. */
    public static Map<String, String> owner(Ownership ownership) {
        return owner(ownership.owner(), ownership.url(), ownership.grpc());
    }

    private static Map<String, String> owner(@Nullable String node, @Nullable String url, @Nullable String grpc) {
        var metadata = new TreeMap<String, String>();
        known(metadata, "owner", node);
        known(metadata, "ownerUrl", url);
        known(metadata, "ownerGrpc", grpc);
        return metadata;
    }

    private static void known(Map<String, String> metadata, String name, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            metadata.put(name, value);
        }
    }

    /** Returns at most this many bytes of a text, as whole characters. */
    private static String cut(@Nullable String text, int mostBytes) {
        if (text == null || text.getBytes(StandardCharsets.UTF_8).length <= mostBytes) {
            return text == null ? "" : text;
        }
        var bytes = 0;
        var end = 0;
        while (end < text.length()) {
            var character = text.codePointAt(end);
            bytes += character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
            if (bytes > mostBytes - "...".length()) {
                break;
            }
            end += Character.charCount(character);
        }
        return text.substring(0, end) + "...";
    }
}
