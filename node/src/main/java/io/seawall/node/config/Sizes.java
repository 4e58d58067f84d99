package io.seawall.node.config;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigException;

/** Sizes in bytes as people write them: {@code 16MiB}, {@code 1 KiB}, {@code 1048576}. */
final class Sizes {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,18}) ?([A-Za-z]*)");
    private static final Map<String, Long> UNITS =
            Map.of("", 1L, "b", 1L, "kib", 1L << 10, "mib", 1L << 20, "gib", 1L << 30, "tib", 1L << 40);

    private Sizes() {}

    /**
     * Parses a size.
     *
     * @throws ConfigException naming the key, the text and the allowed forms
     */
    static long parse(String key, String text) {
        var matcher = FORM.matcher(text.strip());
        if (matcher.matches()) {
            var unit = UNITS.get(matcher.group(2).toLowerCase(Locale.ROOT));
            var number = Long.parseLong(matcher.group(1));
            if (unit != null && number <= Long.MAX_VALUE / unit) {
                return number * unit;
            }
        }
        throw new ConfigException(
                key, text, "expected bytes, or a whole number with KiB, MiB, GiB or TiB, as in 16MiB");
    }

    /** Returns the shortest exact form. */
    static String show(long bytes) {
        if (bytes > 0 && bytes % (1L << 30) == 0) {
            return (bytes >> 30) + "GiB";
        }
        if (bytes > 0 && bytes % (1L << 20) == 0) {
            return (bytes >> 20) + "MiB";
        }
        return bytes > 0 && bytes % (1L << 10) == 0 ? (bytes >> 10) + "KiB" : Long.toString(bytes);
    }
}
