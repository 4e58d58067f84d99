package io.seawall.cli.client;

import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.time.Duration;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's HTTP clients, one for plain connections and one for those with TLS, each made when it is needed first: to read the
 * certificates that this machine trusts, as each client of the JDK does by default, takes longer than a request. Thread-safe.
 */
final class HttpClients {
    private final Duration connectTimeout;
    private final @Nullable SSLContext tls;
    private @Nullable HttpClient plain;
    private @Nullable HttpClient secured;

    /**
     * Creates the clients when they are asked for.
     *
     * @param tls for addresses with {@code https}; null for what the JVM trusts
     */
    HttpClients(Duration connectTimeout, @Nullable SSLContext tls) {
        this.connectTimeout = connectTimeout;
        this.tls = tls;
    }

    /** Returns the client for addresses of this scheme. */
    synchronized HttpClient forScheme(@Nullable String scheme) {
        if ("http".equals(scheme)) {
            plain = plain == null ? builder().sslContext(withoutTrust()).build() : plain;
            return plain;
        }
        if (secured == null) {
            secured =
                    tls == null ? builder().build() : builder().sslContext(tls).build();
        }
        return secured;
    }

    private HttpClient.Builder builder() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(
                        HttpClient.Redirect.NEVER) // NodeClient does it, to tell a dead owner from a wrong address
                .connectTimeout(connectTimeout);
    }

    /** Returns a context that trusts nobody. Plain connections never use it, but the JDK's client wants one. */
    private static SSLContext withoutTrust() {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[0], new TrustManager[0], null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }
}
