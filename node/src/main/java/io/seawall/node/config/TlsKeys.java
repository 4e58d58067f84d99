package io.seawall.node.config;

import io.seawall.wal.FutureErrors;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/** Defines the keys of TLS, and decides which addresses a node may listen on without it. */
final class TlsKeys {
    private static final String CERTIFICATE = "tls.certificate";
    private static final String KEY = "tls.key";
    private static final String CLIENT_CA = "tls.client.ca";
    private static final String CA = "tls.ca";

    private TlsKeys() {}

    static ConfigDef addTo(ConfigDef keys) {
        file(
                keys,
                CERTIFICATE,
                "The file with the node's certificate, in PEM: its own first, then those that lead to its CA, if there are "
                        + "any. With it HTTP and gRPC serve TLS 1.2 and 1.3, and nothing else, on their ports. The node shows it to "
                        + "other nodes too. Needs `tls.key`. Empty: no TLS.");
        file(
                keys,
                KEY,
                "The file with the key of that certificate: RSA or EC, in PKCS#8 (`-----BEGIN PRIVATE KEY-----`), without a "
                        + "password.");
        file(
                keys,
                CLIENT_CA,
                "The file with the CAs that sign the certificates of clients, in PEM. With it, a client that shows none of "
                        + "these certificates is refused, over HTTP, also for `/livez` and `/metrics`, and over gRPC. Other nodes "
                        + "are clients: their certificates need one of these CAs as well. Needs `tls.certificate`. Empty: clients "
                        + "need no certificate.");
        file(
                keys,
                CA,
                "The file with the CAs that sign the certificates of the other nodes, in PEM. A certificate has to name the "
                        + "host of the URL under which its node is reached. Empty: the CAs that the JVM trusts.");
        ConfigKeys.number(
                keys,
                "reload.ms",
                10_000,
                100,
                3_600_000,
                "How often the files of `tls.*` and `access.*` are read again, in milliseconds. Changed ones are used without a "
                        + "restart: handshakes and requests from then on use them, connections stay as they are. Files that cannot be used are refused, and the old "
                        + "content stays in use. Too low: a little work for nothing. Too high: a renewed certificate is used late, and a revoked token is valid for longer.");
        return keys;
    }

    private static void file(ConfigDef keys, String key, String doc) {
        ConfigKeys.text(keys, key, "", new ConfigRules.FileName(".*", "the name of a file on one line"), doc);
    }

    /** Returns the files; empty without TLS. */
    static Optional<TlsFiles> files(AbstractConfig values) {
        return path(values, CERTIFICATE)
                .flatMap(certificate -> path(values, KEY)
                        .map(key -> new TlsFiles(certificate, key, path(values, CLIENT_CA), path(values, CA))));
    }

    private static Optional<Path> path(AbstractConfig values, String key) {
        return Optional.of(values.getString(key))
                .filter(name -> !name.isEmpty())
                .map(Path::of);
    }

    /** Refuses files that lack another one, and URLs under which clients would not reach the node. */
    static void check(AbstractConfig values, ConfigProblems problems) {
        problems.check(() -> require(values, KEY, CERTIFICATE));
        problems.check(() -> require(values, CERTIFICATE, KEY));
        problems.check(() -> require(values, CLIENT_CA, CERTIFICATE));
        if (files(values).isPresent()) {
            problems.check(() -> refusePlain(values, "http.advertised.url"));
            problems.check(() -> refusePlain(values, "cluster.peer.url"));
        }
    }

    private static void require(AbstractConfig values, String key, String needed) {
        if (path(values, key).isPresent() && path(values, needed).isEmpty()) {
            throw new ConfigException(needed, "", "expected a file, because " + key + " is set");
        }
    }

    private static void refusePlain(AbstractConfig values, String key) {
        var url = values.getString(key);
        if (url.regionMatches(true, 0, "http:", 0, "http:".length())) {
            throw new ConfigException(key, url, "expected https://, because tls.certificate is set");
        }
    }

    /** Refuses to listen for other machines without encryption or authentication, unless that is allowed in so many words. */
    static void refuseOpenBind(AbstractConfig values, String key, String host) {
        var files = files(values);
        var isSecure = files.isPresent()
                && (files.get().clientCa().isPresent()
                        || AccessKeys.file(values).isPresent());
        try {
            if (!isSecure
                    && !values.getBoolean("insecure.bind")
                    && !InetAddress.getByName(host).isLoopbackAddress()) {
                throw new ConfigException(
                        key,
                        host,
                        "expected a loopback address, because " + whyNot(values, files.isPresent())
                                + ", or insecure.bind=true," + " which allows it");
            }
        } catch (UnknownHostException e) {
            var error =
                    new ConfigException(key, host, "expected an address of this machine, but " + FutureErrors.text(e));
            error.initCause(e);
            throw error;
        }
    }

    private static String whyNot(AbstractConfig values, boolean tls) {
        if (AccessKeys.file(values).isPresent()) {
            return "there is no TLS: the network sees tokens and records. Set tls.certificate and tls.key";
        }
        return (tls ? "there is no authentication" : "there is no TLS and no authentication")
                + ": every client that reaches the node may append, read and delete. Set "
                + (tls ? "access.file or tls.client.ca" : "tls.certificate, tls.key and access.file or tls.client.ca");
    }
}
