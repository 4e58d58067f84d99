package io.seawall.cli.client;

import io.seawall.cli.command.CommandFailed;
import io.seawall.cli.command.PathConverter;
import io.seawall.node.tls.NodeTls;
import io.seawall.wal.WalException;
import java.nio.file.Path;
import java.time.InstantSource;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options for nodes with an address of {@code https}. */
final class TlsOptions {
    @Option(
            names = "--ca",
            paramLabel = "FILE",
            defaultValue = "${env:SEAWALL_CA:-}",
            converter = PathConverter.class,
            description =
                    "For https: the CAs that may have signed the node's certificate, in PEM; else SEAWALL_CA, else those that"
                            + " Java trusts.")
    private Path ca = Path.of("");

    @Option(
            names = "--cert",
            paramLabel = "FILE",
            defaultValue = "${env:SEAWALL_CERT:-}",
            converter = PathConverter.class,
            description = "For https: the certificate to show to a node that asks for one, in PEM; else SEAWALL_CERT.")
    private Path certificate = Path.of("");

    @Option(
            names = "--cert-key",
            paramLabel = "FILE",
            defaultValue = "${env:SEAWALL_CERT_KEY:-}",
            converter = PathConverter.class,
            description = "For https: the key of that certificate, in PKCS#8 PEM; else SEAWALL_CERT_KEY.")
    private Path key = Path.of("");

    /**
     * Returns the context for https, or null for that of the JVM.
     *
     * @param clock the time of day
     */
    @Nullable
    SSLContext context(InstantSource clock) {
        var isShown = isGiven(certificate);
        if (isShown != isGiven(key)) {
            throw new CommandFailed("--cert and --cert-key are for use together");
        }
        if (!isShown && !isGiven(ca)) {
            return null;
        }
        try {
            return NodeTls.forClient(
                    isGiven(ca) ? ca : null, isShown ? certificate : null, isShown ? key : null, clock);
        } catch (WalException unusable) {
            throw new CommandFailed(String.valueOf(unusable.getMessage()));
        }
    }

    /** Returns the same for the Java client. The files are read when it connects. */
    io.seawall.client.TlsOptions forGrpc() {
        var trusting =
                isGiven(ca) ? io.seawall.client.TlsOptions.trusting(ca) : io.seawall.client.TlsOptions.trustingTheJvm();
        return isGiven(certificate) ? trusting.withCertificate(certificate, key) : trusting;
    }

    /** Returns whether one of the options, or its environment variable, is set. */
    boolean isGiven() {
        return isGiven(ca) || isGiven(certificate) || isGiven(key);
    }

    private static boolean isGiven(Path file) {
        return !file.toString().isEmpty();
    }
}
