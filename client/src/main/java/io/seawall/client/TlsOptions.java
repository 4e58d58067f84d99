package io.seawall.client;

import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.TlsChannelCredentials;
import io.seawall.client.log.Codes;
import io.seawall.client.log.SeawallException;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How to connect to nodes that serve TLS. A node's certificate has to name the host of its gRPC address. The files are PEM, and are
 * read once, by {@link SeawallClient#connect}. Immutable.
 */
public final class TlsOptions {
    private final @Nullable Path ca;
    private final @Nullable Path certificate;
    private final @Nullable Path key;

    private TlsOptions(@Nullable Path ca, @Nullable Path certificate, @Nullable Path key) {
        this.ca = ca;
        this.certificate = certificate;
        this.key = key;
    }

    /** Trusts the CAs that the JVM trusts. */
    public static TlsOptions trustingTheJvm() {
        return new TlsOptions(null, null, null);
    }

    /**
     * Trusts other CAs.
     *
     * @param ca the file with the certificates of these CAs
     */
    public static TlsOptions trusting(Path ca) {
        return new TlsOptions(ca, null, null);
    }

    /**
     * Returns the same with a certificate that is shown to nodes that ask for one.
     *
     * @param newCertificate the file with the certificate, and those that lead to its CA
     * @param newKey the file with its key: PKCS#8, without a password
     */
    public TlsOptions withCertificate(Path newCertificate, Path newKey) {
        return new TlsOptions(ca, newCertificate, newKey);
    }

    /** Reads the files. */
    ChannelCredentials credentials() {
        try {
            var builder = TlsChannelCredentials.newBuilder();
            if (ca != null) {
                builder.trustManager(ca.toFile());
            }
            if (certificate != null && key != null) {
                builder.keyManager(certificate.toFile(), key.toFile());
            }
            var credentials = builder.build();
            var unused =
                    Grpc.newChannelBuilder("dns:///localhost:1", credentials); // parses the files, connects to nothing
            return credentials;
        } catch (IOException | IllegalArgumentException e) {
            throw SeawallException.of(
                            Codes.INVALID,
                            "cannot use the files for TLS: found " + e.getMessage()
                                    + ", expected PEM files: certificates, and a key in PKCS#8")
                    .cause(e)
                    .build();
        }
    }
}
