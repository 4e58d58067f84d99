package io.seawall.node.tls;

import io.grpc.util.AdvancedTlsX509TrustManager;
import io.grpc.util.AdvancedTlsX509TrustManager.Verification;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** Makes TLS contexts and what they trust. Every JDK can make these, so a failure is a bug. */
final class Contexts {
    /**
     * How long a session may be resumed, in which case no certificate is shown again. With Java's day, a client or a node whose CA was
     * taken out of the file could come back for as long.
     */
    private static final Duration SESSION = Duration.ofMinutes(5);

    private Contexts() {}

    /**
     * Returns a context.
     *
     * @param keys shows a certificate; null to show none
     * @param trusted judges certificates of others; null for the CAs that the JVM trusts
     */
    static SSLContext of(@Nullable KeyManager keys, @Nullable TrustManager trusted) {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(
                    keys == null ? null : new KeyManager[] {keys},
                    trusted == null ? null : new TrustManager[] {trusted},
                    null);
            context.getServerSessionContext().setSessionTimeout((int) SESSION.toSeconds());
            context.getClientSessionContext().setSessionTimeout((int) SESSION.toSeconds());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    /** Returns what judges certificates of servers, and whether they are of the host that was meant; trusts none yet. */
    static AdvancedTlsX509TrustManager ofServers() {
        return trust(Verification.CERTIFICATE_AND_HOST_NAME_VERIFICATION);
    }

    /** Returns what judges certificates of clients, which have no host name; trusts none yet. */
    static AdvancedTlsX509TrustManager ofClients() {
        return trust(Verification.CERTIFICATE_ONLY_VERIFICATION);
    }

    private static AdvancedTlsX509TrustManager trust(Verification verification) {
        try {
            return AdvancedTlsX509TrustManager.newBuilder()
                    .setVerification(verification)
                    .build();
        } catch (CertificateException e) {
            throw new IllegalStateException("this Java cannot check certificates", e);
        }
    }

    /** Makes it trust these CAs, and no others. */
    static void trust(AdvancedTlsX509TrustManager judge, X509Certificate[] authorities) {
        try {
            judge.updateTrustCredentials(authorities);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot keep certificates", e);
        }
    }
}
