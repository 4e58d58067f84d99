package io.seawall.node.tls;

import io.seawall.kafkalocal.LocalAuthority;
import io.seawall.kafkalocal.LocalAuthority.Issued;
import io.seawall.node.config.TlsFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.Optional;

/** The files of a node, which a test replaces while the node uses them. */
public final class TlsFolder {
    public final Path certificate;
    public final Path key;
    public final Path clientCa;
    private final Path ca;

    /** Creates the files of {@link TestCertificates#NODE}. */
    public TlsFolder(Path folder) {
        certificate = folder.resolve("node.pem");
        key = folder.resolve("node.key.pem");
        clientCa = folder.resolve("clients.pem");
        ca = TestCertificates.OURS.certificate();
        use(TestCertificates.NODE);
        trust(TestCertificates.OURS);
    }

    /** Replaces the certificate and its key. */
    public void use(Issued issued) {
        copy(issued.certificate(), certificate);
        copy(issued.key(), key);
    }

    /** Replaces the CA of clients. */
    public void trust(LocalAuthority authority) {
        copy(authority.certificate(), clientCa);
    }

    private static void copy(Path from, Path to) {
        try {
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads the files for a node whose clients need no certificates. */
    public NodeTls load() {
        return NodeTls.load(new TlsFiles(certificate, key, Optional.empty(), Optional.of(ca)), Clock.systemUTC());
    }

    /** Reads the files for a node whose clients need certificates. */
    public NodeTls loadMutual() {
        return NodeTls.load(new TlsFiles(certificate, key, Optional.of(clientCa), Optional.of(ca)), Clock.systemUTC());
    }
}
