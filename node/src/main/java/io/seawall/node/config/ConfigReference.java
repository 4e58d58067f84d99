package io.seawall.node.config;

import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;

/** Generates the reference page {@code docs/configuration.md} from the definition of the keys. */
public final class ConfigReference {
    private static final String HEAD = """
            # Configuration

            Generated from `ConfigKeys`: do not edit. A test of the module `node` fails when this page is stale and says how to write it again.

            Sources, the later one wins: a properties file (`--config`), environment variables (`SEAWALL_HTTP_PORT` is `http.port`), `--set key=value`.
            `SEAWALL_URL`, `SEAWALL_GRPC`, `SEAWALL_TOKEN`, `SEAWALL_TOKEN_FILE`, `SEAWALL_OPTS`, `SEAWALL_HOME` and `SEAWALL_LOG_LEVEL` are not configuration, nor are the variables that
            Kubernetes sets for a Service whose name begins with `seawall` (`SEAWALL_SERVICE_HOST`, `SEAWALL_PORT=tcp://...`). An unknown key is an error.
            Sizes are bytes, or a whole number with `KiB`, `MiB`, `GiB` or `TiB`.
            """;
    private static final String KAFKA = """

            ## Kafka clients

            `kafka.<setting>` goes to every Kafka client as `<setting>`; `kafka.producer.<setting>`, `kafka.consumer.<setting>` and `kafka.admin.<setting>` go to
            that kind of client and win. Their values are never logged. These are refused, under any of the prefixes, because Seawall decides them:

            | setting | why |
            |---|---|
            """;

    private ConfigReference() {}

    /** Returns the whole page in Markdown. */
    public static String markdown() {
        var page = new StringBuilder(HEAD);
        for (var name : ConfigKeys.DEFINITION.configKeys().keySet()) {
            page.append(section(ConfigKeys.DEFINITION.configKeys().get(name)));
        }
        return page.append(KAFKA)
                .append(new TreeMap<>(KafkaSettings.REFUSED)
                        .entrySet().stream()
                                .map(entry -> "| `" + entry.getKey() + "` | " + entry.getValue() + " |\n")
                                .collect(Collectors.joining()))
                .toString();
    }

    private static String section(ConfigDef.ConfigKey key) {
        var text = new StringBuilder("\n## `")
                .append(key.name)
                .append("`\n\n")
                .append(key.documentation)
                .append("\n\n");
        text.append("- type: ").append(type(key)).append('\n');
        text.append("- default: ").append(initial(key)).append('\n');
        if (key.validator != null) {
            text.append("- allowed: `").append(key.validator).append("`\n");
        }
        return text.toString();
    }

    private static String type(ConfigDef.ConfigKey key) {
        return ConfigKeys.isSize(key.name) ? "size" : key.type.name().toLowerCase(Locale.ROOT);
    }

    private static String initial(ConfigDef.ConfigKey key) {
        if (!key.hasDefault()) {
            return "none, required";
        }
        if (ConfigKeys.isSize(key.name)) {
            return "`" + Sizes.show((Long) key.defaultValue) + "`";
        }
        return key.defaultValue.toString().isEmpty() ? "empty" : "`" + key.defaultValue + "`";
    }
}
