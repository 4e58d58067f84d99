package io.seawall.cli.client;

import io.seawall.node.access.Loopback;
import java.net.URI;
import java.net.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * Shows nodes who the caller is, and the network nothing: a token goes to addresses with https, to this machine, and in plain text
 * elsewhere only if that is allowed.
 *
 * @param token the token; null for none
 * @param plainText whether it is sent in plain text to other machines
 */
record Login(@Nullable String token, boolean plainText) {
    /** Shows nothing. */
    static final Login NONE = new Login(null, false);

    /** Adds the token to a request. */
    HttpRequest.Builder addTo(HttpRequest.Builder request, URI to) {
        return token != null && isSafe(to) ? request.setHeader("Authorization", "Bearer " + token) : request;
    }

    /** Returns whether there is a token that must not be sent to an address. */
    boolean isWithheldFrom(URI to) {
        return token != null && !isSafe(to);
    }

    private boolean isSafe(URI to) {
        return plainText || "https".equals(to.getScheme()) || Loopback.is(String.valueOf(to.getHost()));
    }

    /** Shows no secret. */
    @Override
    public String toString() {
        return "Login[token=" + (token == null ? "none" : "***") + ", plainText=" + plainText + "]";
    }
}
