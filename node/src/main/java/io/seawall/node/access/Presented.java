package io.seawall.node.access;

import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/**
 * What a request shows of its caller. A token counts more than a certificate: a caller that sends both is the token's.
 *
 * @param token the token that was sent; empty if none was
 * @param isMalformed whether the request has an {@code Authorization} that is no bearer token
 * @param subject the subject of the certificate that the connection was made with; empty if there is none
 */
public record Presented(Optional<String> token, boolean isMalformed, Optional<X500Principal> subject) {
    private static final String SCHEME = "bearer ";

    /**
     * Reads what a request shows.
     *
     * @param authorization the values of its {@code Authorization} headers
     * @param subject the subject of the caller's certificate
     */
    public static Presented of(List<String> authorization, Optional<X500Principal> subject) {
        if (authorization.isEmpty()) {
            return new Presented(Optional.empty(), false, subject);
        }
        var value = authorization.get(0).strip();
        var isBearer = authorization.size() == 1 && value.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
        var token = isBearer ? value.substring(SCHEME.length()).strip() : "";
        return Token.isSendable(token)
                ? new Presented(Optional.of(token), false, subject)
                : new Presented(Optional.empty(), true, subject);
    }

    /** Shows no secret. */
    @Override
    public String toString() {
        return "Presented[token=" + (token.isPresent() ? "***" : "none") + ", subject=" + subject + "]";
    }
}
