package io.seawall.node.tls;

import io.seawall.kafkalocal.LocalAuthority;
import io.seawall.kafkalocal.LocalAuthority.Issued;
import io.seawall.node.config.TlsFiles;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Contexts of TLS for tests. */
public final class TestTls {
    private TestTls() {}

    /** Returns what a node without files for TLS uses. */
    public static SSLContext ofTheJvm() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** The same as sockets. */
    public static SSLSocketFactory sockets() {
        return ofTheJvm().getSocketFactory();
    }

    /** Returns how a node with this certificate serves clients without certificates. */
    public static ServerTls server(Path certificate, Path key) {
        var files = new TlsFiles(certificate, key, Optional.empty(), Optional.empty());
        return NodeTls.load(files, Clock.systemUTC()).server();
    }

    /** Returns a context without sessions to resume, for a client that shows a certificate, also an expired one, or none. */
    public static SSLContext client(LocalAuthority trusted, @Nullable Issued shown) {
        InstantSource then = TestCertificates.EXPIRED.equals(shown)
                ? Clock.offset(Clock.systemUTC(), Duration.ofDays(-7))
                : Clock.systemUTC();
        return NodeTls.forClient(
                trusted.certificate(),
                shown == null ? null : shown.certificate(),
                shown == null ? null : shown.key(),
                then);
    }
}
