package io.seawall.node.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;

/** The keys of who may use the HTTP API, and how much of it. */
final class HttpKeys {
    private static final String ORIGIN = "https?://[!-~&&[^/?#@,*]]+";

    private HttpKeys() {}

    static ConfigDef addTo(ConfigDef keys) {
        ConfigKeys.text(
                keys,
                "http.cors.origins",
                "",
                new ConfigKeys.Matching("|\\*|" + ORIGIN + "(\\s*,\\s*" + ORIGIN + ")*"),
                "The sites whose pages may use this node from a browser: origins such as `https://ops.example`, separated by"
                        + " commas, or `*` for every site. As there is no authentication yet, such a page may read, append"
                        + " and delete. Requests of other sites' pages are refused with 403; requests of programs, which have"
                        + " no `Origin`, are not concerned. Empty: only pages that were loaded from the node itself, under an"
                        + " address, `localhost` or the host of `http.advertised.url`.");
        return keys;
    }

    /** The origins as browsers send them: in lower case and without the port that their scheme has anyway. */
    static Set<String> origins(String configured) {
        return Arrays.stream(configured.split(",", -1))
                .map(origin -> origin.strip().toLowerCase(Locale.ROOT))
                .filter(origin -> !origin.isEmpty())
                .map(origin -> origin.replaceFirst("^(http:.*):80$|^(https:.*):443$", "$1$2"))
                .collect(Collectors.toUnmodifiableSet());
    }
}
