package io.seawall.client.internal.rpc;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.seawall.api.v1.Problem;
import io.seawall.client.log.Codes;
import io.seawall.client.log.Effect;
import io.seawall.client.log.SeawallException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Translates what gRPC and nodes say into errors of the client. Total: every status has an error. */
public final class CallFailures {
    private static final long LONGEST_DELAY_S = 60;
    private static final String DOMAIN = "seawall";

    /** The members of an ErrorInfo that are not numbers. */
    private static final Set<String> TEXTS =
            Set.of("effect", "pchannel", "found", "expected", "owner", "ownerUrl", "ownerGrpc");

    private CallFailures() {}

    /**
     * Translates the end of a call.
     *
     * @param operation what was attempted, as a phrase that fits after "cannot"
     * @param pchannel the log, or null if the call does not concern one
     * @param unsaid the effect if the status does not state one: whether the call could have changed anything
     */
    public static CallFailure of(
            String operation, @Nullable String pchannel, Status status, @Nullable Metadata trailers, Effect unsaid) {
        ErrorInfo info = null;
        RetryInfo retry = null;
        for (var detail : details(status, trailers)) {
            info = info == null ? unpack(detail, ErrorInfo.class) : info;
            retry = retry == null ? unpack(detail, RetryInfo.class) : retry;
        }
        var afterMs = retry == null ? 0 : ms(retry);
        return info != null && info.getDomain().equals(DOMAIN)
                ? said(operation, pchannel, status, info, retry != null, afterMs)
                : transport(operation, pchannel, status, unsaid, afterMs);
    }

    private static CallFailure said(
            String operation, @Nullable String pchannel, Status status, ErrorInfo info, boolean again, long afterMs) {
        var members = info.getMetadataMap();
        var error = SeawallException.of(info.getReason(), message(operation, status))
                .effect(effect(members.getOrDefault("effect", ""), Effect.UNKNOWN))
                .pchannel(members.getOrDefault("pchannel", pchannel))
                .found(members.get("found"))
                .expected(members.get("expected"))
                .numbers(numbers(members))
                .passing(again)
                .build();
        var owner = members.get("ownerGrpc");
        return new CallFailure(
                error,
                again || CallFailure.passes(info.getReason()),
                owner == null || owner.isEmpty() ? null : owner,
                afterMs);
    }

    /** Translates a status without our details: the connection failed, or something between here and the node answered. */
    private static CallFailure transport(
            String operation, @Nullable String pchannel, Status status, Effect unsaid, long afterMs) {
        var passes = isOfTheConnection(status.getCode());
        var code = passes ? Codes.UNAVAILABLE : code(status.getCode());
        var error = SeawallException.of(code, message(operation, status))
                .effect(passes ? unsaid : Effect.NONE)
                .pchannel(pchannel)
                .cause(status.getCause())
                .build();
        return new CallFailure(error, passes, null, afterMs);
    }

    /** What gRPC gives if a connection cannot be made or is cut, or if a node fails or takes too long. */
    private static boolean isOfTheConnection(Status.Code code) {
        return switch (code) {
            case UNAVAILABLE, CANCELLED, UNKNOWN, INTERNAL, ABORTED, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, OK -> true;
            case INVALID_ARGUMENT,
                    NOT_FOUND,
                    ALREADY_EXISTS,
                    PERMISSION_DENIED,
                    FAILED_PRECONDITION,
                    OUT_OF_RANGE,
                    UNIMPLEMENTED,
                    DATA_LOSS,
                    UNAUTHENTICATED -> false;
        };
    }

    private static String code(Status.Code code) {
        return switch (code) {
            case UNAUTHENTICATED -> Codes.UNAUTHENTICATED;
            case PERMISSION_DENIED -> Codes.FORBIDDEN;
            default -> "GRPC_" + code;
        };
    }

    private static String message(String operation, Status status) {
        var description = status.getDescription();
        if (description != null && description.startsWith("cannot ")) {
            return description;
        }
        var cause = status.getCause();
        return "cannot " + operation + ": " + status.getCode() + (description == null ? "" : ": " + description)
                + (cause == null ? "" : " (" + cause + ")");
    }

    /** Translates the refusal of a batch. */
    public static SeawallException of(Problem problem, String pchannel) {
        return SeawallException.of(problem.getCode(), problem.getMessage())
                .effect(effect(problem.getEffect(), Effect.UNKNOWN))
                .pchannel(pchannel)
                .found(problem.getFound().isEmpty() ? null : problem.getFound())
                .expected(problem.getExpected().isEmpty() ? null : problem.getExpected())
                .numbers(problem.getNumbersMap())
                .build();
    }

    private static Effect effect(String text, Effect unsaid) {
        return switch (text) {
            case "none" -> Effect.NONE;
            case "applied" -> Effect.APPLIED;
            case "unknown" -> Effect.UNKNOWN;
            default -> unsaid;
        };
    }

    private static Map<String, Long> numbers(Map<String, String> members) {
        var numbers = new HashMap<String, Long>();
        members.forEach((name, text) -> {
            if (!TEXTS.contains(name)) {
                try {
                    numbers.put(name, Long.parseLong(text));
                } catch (NumberFormatException notANumber) {
                    // A member that a later version added: the message has it too.
                }
            }
        });
        return numbers;
    }

    private static List<Any> details(Status status, @Nullable Metadata trailers) {
        try {
            return StatusProto.fromStatusAndTrailers(status, trailers).getDetailsList();
        } catch (IllegalArgumentException contradictory) {
            return List.of(); // the details are of another status
        }
    }

    private static long ms(RetryInfo retry) {
        var delay = retry.getRetryDelay();
        return Math.max(0, Math.min(delay.getSeconds(), LONGEST_DELAY_S) * 1_000 + delay.getNanos() / 1_000_000);
    }

    private static <T extends Message> @Nullable T unpack(Any detail, Class<T> type) {
        try {
            return detail.is(type) ? detail.unpack(type) : null;
        } catch (InvalidProtocolBufferException unreadable) {
            return null; // as if the node had not sent it
        }
    }
}
