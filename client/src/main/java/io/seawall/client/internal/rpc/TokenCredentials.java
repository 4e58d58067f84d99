package io.seawall.client.internal.rpc;

import io.grpc.CallCredentials;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Sends a token with each call, but over connections that the network can read only if that is allowed. Thread-safe. */
public final class TokenCredentials extends CallCredentials {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Pattern LOOPBACK =
            Pattern.compile("(localhost|127(\\.[0-9]{1,3}){3}|\\[::1])(:[0-9]+)?", Pattern.CASE_INSENSITIVE);
    private static final Pattern SENDABLE = Pattern.compile("[A-Za-z0-9._~+/=-]{1,1000}");

    private final Supplier<String> token;
    private final boolean everywhere;

    /**
     * Creates credentials.
     *
     * @param token returns the token; asked for each call, on the client's thread, so it must not block
     * @param everywhere whether the token may be sent to every node, because there is TLS or plain text is allowed
     */
    public TokenCredentials(Supplier<String> token, boolean everywhere) {
        this.token = token;
        this.everywhere = everywhere;
    }

    /** Returns whether an address, host:port, is this machine, without asking a name server. */
    public static boolean isLoopback(String address) {
        return LOOPBACK.matcher(address).matches();
    }

    @Override
    public void applyRequestMetadata(RequestInfo request, Executor executor, MetadataApplier applier) {
        if (!everywhere && !isLoopback(request.getAuthority())) {
            applier.fail(refused("a token is not sent in plain text to " + request.getAuthority()
                    + "; use TLS, or allow it with tokenInPlainText"));
            return;
        }
        executor.execute(() -> {
            try {
                var value = token.get();
                if (SENDABLE.matcher(value).matches()) {
                    var headers = new Metadata();
                    headers.put(AUTHORIZATION, "Bearer " + value);
                    applier.apply(headers);
                } else {
                    applier.fail(refused("the token has characters that a header cannot carry"));
                }
            } catch (RuntimeException e) {
                applier.fail(refused("the supplier of the token failed").withCause(e));
            }
        });
    }

    private static Status refused(String why) {
        return Status.UNAUTHENTICATED.withDescription(why);
    }
}
