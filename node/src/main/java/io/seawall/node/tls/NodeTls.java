package io.seawall.node.tls;

import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import io.seawall.node.config.TlsFiles;
import io.seawall.node.reload.ReloadedFiles;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The node's certificate and the CAs that it trusts, read from files. {@link #check} reads changed files; handshakes from then on
 * use the new content, and connections that are open stay as they are. The certificate with its key, the CA of clients and the CA
 * of nodes change independently of each other.
 */
public final class NodeTls {
    private final InstantSource clock;
    private final TlsFiles paths;
    private final AdvancedTlsX509KeyManager keys = new AdvancedTlsX509KeyManager();
    private final List<ReloadedFiles> files = new ArrayList<>();
    private final ServerTls server;
    private final SSLContext toNodes;
    private volatile Instant expires = Instant.EPOCH; // written by the thread that reads the files

    private NodeTls(TlsFiles paths, InstantSource clock) {
        this.paths = paths;
        this.clock = clock;
        files.add(new ReloadedFiles(List.of(paths.certificate(), paths.key()), this::useIdentity));
        var clients = paths.clientCa()
                .map(ca -> authorities(ca, Contexts.ofClients()))
                .orElse(null);
        var nodes = paths.ca().map(ca -> authorities(ca, Contexts.ofServers())).orElse(null);
        files.forEach(ReloadedFiles::load);
        server = new ServerTls(Contexts.of(keys, clients), clients != null);
        toNodes = Contexts.of(keys, nodes);
    }

    /**
     * Reads the files.
     *
     * @param paths the files
     * @param clock the time of day, which the validity of certificates is compared with
     * @throws io.seawall.wal.WalException with code INVALID if a file cannot be used
     */
    public static NodeTls load(TlsFiles paths, InstantSource clock) {
        return new NodeTls(paths, clock);
    }

    private AdvancedTlsX509TrustManager authorities(Path ca, AdvancedTlsX509TrustManager judge) {
        files.add(new ReloadedFiles(
                List.of(ca), contents -> Contexts.trust(judge, PemFiles.certificates(ca, contents.get(0)))));
        return judge;
    }

    private void useIdentity(List<byte[]> contents) {
        var identity =
                PemFiles.identity(paths.certificate(), contents.get(0), paths.key(), contents.get(1), clock.instant());
        show(identity, keys);
        expires = identity.expires();
    }

    private static void show(PemFiles.Identity identity, AdvancedTlsX509KeyManager by) {
        by.updateIdentityCredentials(identity.chain().toArray(X509Certificate[]::new), identity.key());
    }

    /** Returns how to serve. */
    public ServerTls server() {
        return server;
    }

    /** Returns the context for connections to other nodes: shows them the node's certificate, and checks theirs. */
    public SSLContext toNodes() {
        return toNodes;
    }

    /** Uses files that have changed. Blocks; for one thread at a time. */
    public void check() {
        files.forEach(ReloadedFiles::check);
    }

    /** Returns how many seconds the node's certificate, and those that it is shown with, are still valid. */
    public long secondsLeft() {
        return Duration.between(clock.instant(), expires).toSeconds();
    }

    /** Returns how many of the certificate, the CA of clients and the CA of nodes have files that are refused at present. */
    public long refused() {
        return files.stream().filter(ReloadedFiles::isRefused).count();
    }

    /**
     * Returns a context for a client of a node, such as a command. Reads the files once.
     *
     * @param ca the CAs of nodes; null for those that the JVM trusts
     * @param certificate the certificate to show; null for none
     * @param key its key; null exactly if there is no certificate
     * @param clock the time of day
     * @throws io.seawall.wal.WalException with code INVALID if a file cannot be used
     */
    public static SSLContext forClient(
            @Nullable Path ca, @Nullable Path certificate, @Nullable Path key, InstantSource clock) {
        AdvancedTlsX509KeyManager shown = null;
        if (certificate != null && key != null) {
            var identity = PemFiles.identity(
                    certificate, ReloadedFiles.read(certificate), key, ReloadedFiles.read(key), clock.instant());
            shown = new AdvancedTlsX509KeyManager();
            show(identity, shown);
        }
        AdvancedTlsX509TrustManager judge = null;
        if (ca != null) {
            judge = Contexts.ofServers();
            Contexts.trust(judge, PemFiles.certificates(ca, ReloadedFiles.read(ca)));
        }
        return Contexts.of(shown, judge);
    }

    /** Returns the JVM's own context: shows no certificate, and trusts the CAs that the JVM trusts. */
    public static SSLContext ofTheJvm() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }
}
