package io.seawall.node.config;

import java.nio.file.Path;
import java.util.Optional;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;

/** Defines the keys that say who may do what. */
final class AccessKeys {
    private static final String FILE = "access.file";
    private static final String NODE_TOKEN_FILE = "access.node.token.file";

    private AccessKeys() {}

    static ConfigDef addTo(ConfigDef keys) {
        file(
                keys,
                FILE,
                "The file that says who may do what, over HTTP and gRPC alike: one JSON object on each line, with `name`, "
                        + "`sha256` of a token or `subject` of a client's certificate, `rights` such as `read:orders-*`, and "
                        + "optionally `expires`. `./seawall token` writes it. With it, what no entry allows is refused. "
                        + "[Security](security.md#who-may-do-what) has the rights. Empty: every client may do everything.");
        file(
                keys,
                NODE_TOKEN_FILE,
                "The file with the token that this node sends to other nodes, which need `access.file` entries with "
                        + "`admin:*` for each other. It is sent in plain text only to this machine, or with "
                        + "`insecure.bind`. Empty: nodes show each other their certificates alone.");
        return keys;
    }

    private static void file(ConfigDef keys, String key, String doc) {
        ConfigKeys.text(keys, key, "", new ConfigRules.FileName(".*", "the name of a file on one line"), doc);
    }

    static Optional<Path> file(AbstractConfig values) {
        return path(values, FILE);
    }

    static Optional<Path> nodeTokenFile(AbstractConfig values) {
        return path(values, NODE_TOKEN_FILE);
    }

    private static Optional<Path> path(AbstractConfig values, String key) {
        return Optional.of(values.getString(key))
                .filter(name -> !name.isEmpty())
                .map(Path::of);
    }
}
