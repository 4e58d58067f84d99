package io.seawall.node.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** Merges the sources of configuration; later ones override earlier ones: properties file, environment, {@code --set}. */
public final class ConfigSources {
    private static final String PREFIX = "SEAWALL_";

    /** The byte order mark with which editors on Windows begin a file in UTF-8. */
    private static final String BYTE_ORDER_MARK = "\ufeff";

    /** Variables with our prefix that configure the launcher, the command line or the log, but not the node. */
    private static final Set<String> NOT_CONFIGURATION = Set.of(
            "SEAWALL_URL",
            "SEAWALL_GRPC",
            "SEAWALL_CA",
            "SEAWALL_CERT",
            "SEAWALL_CERT_KEY",
            "SEAWALL_TOKEN",
            "SEAWALL_TOKEN_FILE",
            "SEAWALL_OPTS",
            "SEAWALL_HOME",
            "SEAWALL_LOG_LEVEL");

    /**
     * Variables that Kubernetes sets in each pod for each Service of the namespace whose name is {@code seawall} or begins
     * with {@code seawall-}, beside {@link #ADDRESS}: {@code SEAWALL_SERVICE_HOST}, {@code SEAWALL_SERVICE_PORT_<name>},
     * {@code SEAWALL_PORT_7070_TCP_ADDR}. No key ends like any of these.
     */
    private static final Pattern OF_A_SERVICE = Pattern.compile("SEAWALL_([A-Z0-9_]+_)?"
            + "(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");

    /**
     * The variable with a Service's address. For a Service {@code seawall-http} its name is that of a key, so only the value
     * distinguishes them.
     */
    private static final Pattern ADDRESS = Pattern.compile("SEAWALL_([A-Z0-9_]+_)?PORT=(tcp|udp|sctp)://.+");

    private ConfigSources() {}

    /** Returns the names of variables with our prefix that Kubernetes sets for a Service and that are not configuration. */
    static Set<String> madeByKubernetes(Map<String, String> environment) {
        var names = new TreeSet<String>();
        environment.forEach((name, value) -> {
            if (OF_A_SERVICE.matcher(name).matches()
                    || ADDRESS.matcher(name + "=" + value).matches()) {
                names.add(name);
            }
        });
        return names;
    }

    /**
     * Merges the sources. Reads the file; blocks for as long as that takes.
     *
     * @param file a properties file in UTF-8, or null for none
     * @param environment the process's variables: {@code SEAWALL_HTTP_PORT} is {@code http.port}
     * @param assignments the arguments of {@code --set}, each {@code key=value}
     * @return the raw values by key
     * @throws ConfigException if the file cannot be read or an assignment has no {@code =}
     */
    public static Map<String, String> merge(
            @Nullable Path file, Map<String, String> environment, List<String> assignments) {
        var merged = new TreeMap<String, String>();
        if (file != null) {
            merged.putAll(fromFile(file));
        }
        merged.putAll(fromEnvironment(environment));
        for (var assignment : assignments) {
            var equals = assignment.indexOf('=');
            if (equals <= 0) {
                // Do not quote the text: it may contain a secret.
                throw new ConfigException("a setting without '=' behind its key, expected key=value");
            }
            merged.put(assignment.substring(0, equals).strip(), assignment.substring(equals + 1));
        }
        return Map.copyOf(merged);
    }

    private static Map<String, String> fromFile(Path file) {
        var properties = new Properties();
        try {
            var text = Files.readString(file, StandardCharsets.UTF_8);
            properties.load(new StringReader(text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text));
        } catch (IOException | IllegalArgumentException e) {
            var error = new ConfigException("the file " + file + ", which cannot be read: " + reason(file, e));
            error.initCause(e);
            throw error;
        }
        var values = new TreeMap<String, String>();
        properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key)));
        return values;
    }

    private static String reason(Path file, Exception error) {
        if (error instanceof NoSuchFileException) {
            return "there is no such file";
        }
        if (error instanceof AccessDeniedException) {
            return "this user may not read it";
        }
        if (error instanceof CharacterCodingException) {
            return "it is not UTF-8; save it in that encoding";
        }
        return Files.isDirectory(file) ? "it is a directory" : String.valueOf(error.getMessage());
    }

    private static Map<String, String> fromEnvironment(Map<String, String> environment) {
        var values = new TreeMap<String, String>();
        var ofServices = madeByKubernetes(environment);
        environment.forEach((name, value) -> {
            if (name.startsWith(PREFIX) && !NOT_CONFIGURATION.contains(name) && !ofServices.contains(name)) {
                values.put(keyOf(name), value);
            }
        });
        return values;
    }

    private static String keyOf(String variable) {
        return variable.substring(PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '.');
    }
}
