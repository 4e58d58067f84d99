package io.seawall.node.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/** Collects what is wrong with a configuration, so that its author sees all of it at once. Used by one thread. */
final class ConfigProblems {
    /** How Kafka's class words what it is given. */
    private static final Pattern KAFKAS_WORDS =
            Pattern.compile("Invalid value (.*) for configuration (\\S+?)(?:: (.*))?", Pattern.DOTALL);

    private static final Pattern RANGE = Pattern.compile("\\[(.+?),\\.\\.\\.(?:,(.+))?]");

    private final List<String> found = new ArrayList<>();

    /** Runs a check, and keeps what it finds. */
    void check(Runnable check) {
        try {
            check.run();
        } catch (ConfigException wrong) {
            add(String.valueOf(wrong.getMessage()));
        }
    }

    void add(String problem) {
        var words = KAFKAS_WORDS.matcher(problem);
        found.add(words.matches() ? words.group(2) + "=" + words.group(1) + ", " + words.group(3) : problem);
    }

    /**
     * Ends a round of checks.
     *
     * @throws ConfigException with all that was found, if anything was
     */
    void throwIfAny() {
        if (found.size() == 1) {
            throw new ConfigException(found.get(0));
        }
        if (!found.isEmpty()) {
            throw new ConfigException(found.size() + " problems:\n  " + String.join("\n  ", found));
        }
    }

    /** Looks for keys that are not known. Those for Kafka's clients are checked elsewhere. */
    void checkKeys(Set<String> known, Map<String, String> raw) {
        for (var key : new TreeSet<>(raw.keySet())) {
            if (!known.contains(key) && !key.startsWith(KafkaSettings.PREFIX)) {
                var nearest = NearestKey.to(key, known);
                add("unknown configuration key " + key
                        + nearest.map(name -> "; did you mean " + name + "?").orElse("; see docs/configuration.md"));
            }
        }
    }

    /** Checks each value by itself, and that none is missing. */
    void checkValues(ConfigDef definition, Map<String, String> raw) {
        definition.configKeys().values().forEach(key -> {
            var text = raw.get(key.name);
            if (text != null) {
                check(() -> checkValue(key, text));
            } else if (!key.hasDefault()) {
                add("no " + key.name + ", expected a value: set it with --set " + key.name
                        + "=..., in the file of --config, or"
                        + " with the variable SEAWALL_"
                        + key.name.toUpperCase(Locale.ROOT).replace('.', '_'));
            }
        });
    }

    private static void checkValue(ConfigDef.ConfigKey key, String text) {
        try {
            var value = ConfigDef.parseType(key.name, ConfigKeys.normalized(key.name, text), key.type);
            if (key.validator != null) {
                key.validator.ensureValid(key.name, value);
            }
        } catch (ConfigException wrong) {
            var words = expected(key);
            throw words.isEmpty() ? wrong : new ConfigException(key.name, text, "expected " + words);
        }
    }

    /** Returns what a value may be, where the type and the range say all of it; empty where a rule has words of its own. */
    private static String expected(ConfigDef.ConfigKey key) {
        if (key.type == ConfigDef.Type.BOOLEAN) {
            return "true or false";
        }
        var rule = String.valueOf(key.validator);
        if (key.validator instanceof ConfigDef.ValidString) {
            return rule.substring(1, rule.length() - 1).replaceFirst(", (?=[^,]*$)", " or ");
        }
        var range = RANGE.matcher(rule);
        if (key.type == ConfigDef.Type.STRING || !range.matches()) {
            return "";
        }
        var kind = ConfigKeys.isSize(key.name) ? "a size" : "a whole number";
        return range.group(2) == null
                ? kind + " of " + range.group(1) + " or more"
                : kind + " from " + range.group(1) + " to " + range.group(2)
                        + (ConfigKeys.isSize(key.name) ? ", as in 16MiB" : "");
    }
}
