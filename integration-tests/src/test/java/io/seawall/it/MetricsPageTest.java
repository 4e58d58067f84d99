package io.seawall.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page of the metrics has each name that the node's code has, and no other. */
class MetricsPageTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    /** The name of a meter, or how it begins if the rest is computed. */
    private static final Pattern IN_CODE = Pattern.compile("\"(seawall\\.[a-z.]+)\"");

    private static final Pattern ON_PAGE = Pattern.compile("`(seawall_[a-z_]+)`");
    private static final Set<String> NO_METERS = Set.of("seawall.lock", "seawall.audit", "seawall.");

    private static Set<String> inCode() throws IOException {
        try (var files = Files.find(
                ROOT.resolve("node/src/main/java"),
                20,
                (file, attributes) -> file.toString().endsWith(".java"))) {
            return files.flatMap(file -> IN_CODE.matcher(read(file)).results())
                    .map(name -> name.group(1))
                    .filter(name -> !NO_METERS.contains(name))
                    .map(name -> name.replace('.', '_'))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static Set<String> onPage() {
        return ON_PAGE.matcher(read(ROOT.resolve("docs/metrics.md")))
                .results()
                .map(name -> name.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns whether Prometheus' name is that of a meter, with its unit and its kind behind it, or begins with a computed one's. */
    private static boolean isOf(String name, String meter) {
        return meter.endsWith("_") ? name.startsWith(meter) : name.matches(meter + "(_bytes|_seconds)?(_total)?");
    }

    @Test
    void everyMeterOfTheNodeIsOnThePage() throws IOException {
        var page = onPage();

        assertThat(inCode())
                .hasSizeGreaterThan(50)
                .allSatisfy(meter -> assertThat(page)
                        .as("docs/metrics.md has a row for %s", meter)
                        .anyMatch(name -> isOf(name, meter)));
    }

    @Test
    void everyMetricOnThePageIsInTheCode() throws IOException {
        var meters = inCode();

        assertThat(onPage())
                .allSatisfy(name -> assertThat(meters)
                        .as("the node has a meter for %s, which docs/metrics.md names", name)
                        .anyMatch(meter -> isOf(name, meter) || isHeld(name)));
    }

    /** Returns whether a name has the protocol in its middle. */
    private static boolean isHeld(String name) {
        return name.matches("seawall_(http|grpc)_held(_requests_total)?");
    }
}
