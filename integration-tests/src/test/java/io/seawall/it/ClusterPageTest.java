package io.seawall.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.coordinator.meta.Assignment.Phase;
import io.seawall.coordinator.meta.MetaRecord.Condition;
import io.seawall.coordinator.meta.Reason;
import io.seawall.coordinator.placement.PlacementSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page for operators of a cluster has every constant that they meet, and the numbers of the code. */
class ClusterPageTest {
    private static final Path DOCS = Path.of("../docs").toAbsolutePath().normalize();
    private static final String PAGE = read("cluster.md");

    private static String read(String page) {
        try {
            return Files.readString(DOCS.resolve(page));
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + page, e);
        }
    }

    /** Returns the rows of the first table below a heading, each as its cells, without the head. */
    private static List<List<String>> table(String heading) {
        var lines = PAGE.lines().toList();
        var at = lines.indexOf(heading);
        assertThat(at).as("the heading %s", heading).isNotNegative();
        return lines.subList(at + 1, lines.size()).stream()
                .dropWhile(line -> !line.startsWith("|"))
                .takeWhile(line -> line.startsWith("|"))
                .skip(2)
                .map(row -> Arrays.stream(row.substring(1).split("\\|"))
                        .map(String::strip)
                        .toList())
                .toList();
    }

    private static List<String> names(String heading) {
        return table(heading).stream().map(row -> row.get(0).replace("`", "")).toList();
    }

    private static List<String> constants(Enum<?>[] values) {
        return Arrays.stream(values).map(ClusterPageTest::text).toList();
    }

    private static String text(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Test
    void everyPhaseHasARow() {
        assertThat(names("### Phases of a log")).containsExactlyInAnyOrderElementsOf(constants(Phase.values()));
    }

    @Test
    void everyConditionHasARow() {
        assertThat(names("### What the owner reports"))
                .containsExactlyInAnyOrderElementsOf(constants(Condition.values()));
    }

    @Test
    void everyReasonHasARow() {
        assertThat(names("### Why a log is where it is"))
                .containsExactlyInAnyOrderElementsOf(constants(Reason.values()));
    }

    @Test
    void thePageSaysForWhichReasonsTheOwnerWasHealthy() {
        var healthy = table("### Why a log is where it is").stream()
                .filter(row -> row.size() > 2 && row.get(2).equals("yes"))
                .map(row -> row.get(0).replace("`", ""))
                .toList();

        assertThat(healthy)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(Reason.values())
                        .filter(Reason::isMove)
                        .map(ClusterPageTest::text)
                        .toList());
    }

    @Test
    void everyKeyOfTheClusterHasARowWithItsDefault() {
        var keys = new TreeMap<String, String>();
        Pattern.compile("(?s)## `(cluster\\.[a-z.]+)`\n.*?\n- default: `?([^`\n]*)`?\n")
                .matcher(read("configuration.md"))
                .results()
                .forEach(key -> keys.put(key.group(1), key.group(2)));

        var rows = new TreeMap<String, String>();
        table("### Keys")
                .forEach(row -> rows.put(row.get(0).replace("`", ""), row.get(1).replace("`", "")));

        assertThat(keys).hasSizeGreaterThan(4);
        assertThat(rows).isEqualTo(keys);
    }

    @Test
    void theFixedNumbersAreThoseOfTheCode() {
        var settings = PlacementSettings.DEFAULTS;
        var rows = new TreeMap<String, String>();
        table("### Fixed").forEach(row -> rows.put(row.get(0), row.get(1)));

        assertThat(rows)
                .isEqualTo(new TreeMap<>(Map.ofEntries(
                        Map.entry(
                                "first report about a term",
                                text(settings.patience().acknowledge())),
                        Map.entry("opening of a log", text(settings.patience().open())),
                        Map.entry("release of a log", text(settings.patience().release())),
                        Map.entry(
                                "rest after an opening",
                                text(settings.patience().rest())),
                        Map.entry("cold start", text(settings.absence().settleMost())),
                        Map.entry(
                                "openings of one node at a time",
                                Integer.toString(settings.bounds().openings())),
                        Map.entry(
                                "moves in the cluster at a time",
                                Integer.toString(settings.bounds().moves())),
                        Map.entry(
                                "pause after a failed term",
                                text(settings.pauses().failureLeast()) + " to "
                                        + text(settings.pauses().failureMost())),
                        Map.entry(
                                "a node is held back",
                                text(settings.pauses().flapLeast()) + " to "
                                        + text(settings.pauses().flapMost())))));
    }

    private static String text(Duration duration) {
        var ms = duration.toMillis();
        return ms % 60_000 == 0 ? ms / 60_000 + " min" : ms % 1_000 == 0 ? ms / 1_000 + " s" : ms + " ms";
    }
}
