package io.seawall.node.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** Rules for values that other code parses: a value that passes here does not fail there. */
final class ConfigRules {
    private static final int MOST_PORT = 65_535;

    private ConfigRules() {}

    /** Returns whether a port can be connected to. */
    private static boolean isPort(String digits) {
        if (digits.length() > 5) {
            return false;
        }
        var port = Integer.parseInt(digits);
        return port >= 1 && port <= MOST_PORT;
    }

    /** The addresses of brokers, each {@code host:port}, as Kafka's clients accept them. */
    record Brokers() implements ConfigDef.Validator {
        private static final Pattern COMMA = Pattern.compile("\\s*,\\s*");
        private static final Pattern ADDRESS =
                Pattern.compile("([A-Za-z0-9_]+://)?(\\[[0-9A-Fa-f:.%]+]|[^:/\\[\\]\\s]+)(:([0-9]*))?");

        @Override
        public void ensureValid(String name, @Nullable Object value) {
            var text = value == null ? "" : value.toString();
            for (var address : COMMA.split(text.strip(), -1)) {
                var wrong = wrongWith(address);
                if (wrong != null) {
                    throw new ConfigException(
                            name,
                            value,
                            "expected host:port, separated by commas, as in localhost:9092; '" + address + "' "
                                    + wrong);
                }
            }
        }

        private static @Nullable String wrongWith(String address) {
            var parts = ADDRESS.matcher(address);
            if (!parts.matches()) {
                return "is not host:port";
            }
            var port = parts.group(4);
            if (port == null || port.isEmpty()) {
                return "has no port";
            }
            return isPort(port) ? null : "has a port that is not from 1 to " + MOST_PORT;
        }

        @Override
        public String toString() {
            return "host:port,...";
        }
    }

    /** A URL that matches a pattern, or an empty value if the pattern allows it. */
    record Url(ConfigKeys.Matching form) implements ConfigDef.Validator {
        private static final Pattern AUTHORITY = Pattern.compile("(\\[[^\\[\\]]+]|[^:\\[\\]]+)(:([0-9]+))?");

        Url(String form, String words) {
            this(new ConfigKeys.Matching(form, words));
        }

        @Override
        public void ensureValid(String name, @Nullable Object value) {
            form.ensureValid(name, value);
            var text = String.valueOf(value);
            if (text.isEmpty()) {
                return;
            }
            try {
                var authority = AUTHORITY.matcher(String.valueOf(new URI(text).getRawAuthority()));
                if (!authority.matches() || (authority.group(3) != null && !isPort(authority.group(3)))) {
                    throw new ConfigException(
                            name,
                            value,
                            "expected a host and a port from 1 to " + MOST_PORT + ", as in http://node-1:7070");
                }
            } catch (URISyntaxException e) {
                throw new ConfigException(name, value, "expected a URL, as in http://node-1:7070: " + e.getReason());
            }
        }

        @Override
        public String toString() {
            return form.toString();
        }
    }

    /** The modes; names the fix for one that earlier versions had. */
    record Modes() implements ConfigDef.Validator {
        private static final List<String> ALL = List.of("cluster", "manual");

        @Override
        public void ensureValid(String name, @Nullable Object value) {
            if ("single".equals(value)) {
                throw new ConfigException(
                        name,
                        value,
                        "expected cluster, the default: mode=single is gone; a cluster of one does the same");
            }
            if (value == null || !ALL.contains(value.toString())) {
                throw new ConfigException(name, value, "expected " + String.join(" or ", ALL));
            }
        }

        @Override
        public String toString() {
            return ALL.toString();
        }
    }

    /** The name of a file or folder that this system and locale allow. */
    record FileName(ConfigKeys.Matching form) implements ConfigDef.Validator {
        FileName(String form, String words) {
            this(new ConfigKeys.Matching(form, words));
        }

        @Override
        public void ensureValid(String name, @Nullable Object value) {
            form.ensureValid(name, value);
            try {
                var unused = Path.of(String.valueOf(value));
            } catch (InvalidPathException e) {
                throw new ConfigException(
                        name, value, "expected a name that this system allows for a file: " + e.getReason());
            }
        }

        @Override
        public String toString() {
            return form.toString();
        }
    }
}
