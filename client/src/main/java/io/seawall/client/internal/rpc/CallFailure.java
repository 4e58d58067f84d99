package io.seawall.client.internal.rpc;

import io.seawall.client.log.Codes;
import io.seawall.client.log.Effect;
import io.seawall.client.log.SeawallException;
import org.jspecify.annotations.Nullable;

/**
 * Why a call ended.
 *
 * @param error the error, as callers may get it
 * @param passes whether the same call may succeed later or at another node
 * @param owner where the owner of the log serves gRPC, as host:port, or null if the node did not say
 * @param retryAfterMs the shortest time before the next attempt that the node asks for, in milliseconds; 0 for none
 */
public record CallFailure(
        SeawallException error, boolean passes, @Nullable String owner, long retryAfterMs) {
    /** Returns a failure that the client found itself, worth another attempt. */
    public static CallFailure unavailable(String message) {
        return new CallFailure(SeawallException.of(Codes.UNAVAILABLE, message).build(), true, null, 0);
    }

    /** Returns whether an error passes by itself or at another node. */
    public static boolean passes(String code) {
        return switch (code) {
            case Codes.NOT_OWNER,
                    Codes.FENCED,
                    Codes.TERM_EXPIRED,
                    Codes.UNAVAILABLE,
                    Codes.SHUTTING_DOWN,
                    Codes.OVERLOADED,
                    Codes.OUTCOME_UNKNOWN -> true;
            default -> false;
        };
    }

    /** Returns whether the call may have changed the log, as far as the error says. */
    public boolean isWithoutEffect() {
        return error.effect() == Effect.NONE;
    }
}
