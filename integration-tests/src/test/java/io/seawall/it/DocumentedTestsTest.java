package io.seawall.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Every test that a page names as covering something must exist. */
class DocumentedTestsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern NAMED = Pattern.compile("`(\\w+)#(\\w+)`");
    private static final int ITEMS = 46;

    private static Map<String, Path> testClasses() throws IOException {
        try (var files = Files.find(
                ROOT, 20, (file, attributes) -> file.toString().matches(".*/src/test/java/.*(Test|IT)\\.java"))) {
            return files.collect(Collectors.toMap(
                    file -> file.getFileName().toString().replace(".java", ""),
                    Function.identity(),
                    (one, other) -> one));
        }
    }

    private static boolean exists(MatchResult named, Map<String, Path> classes) {
        var source = classes.get(named.group(1));
        try {
            return source != null
                    && Pattern.compile("@(Test|ParameterizedTest)\\b[^;{}]*void " + named.group(2) + "\\(")
                            .matcher(withoutArguments(Files.readString(source)))
                            .find();
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + source, e);
        }
    }

    /** Removes the arguments of annotations, which may contain any text: only the annotations' names count. */
    private static String withoutArguments(String source) {
        return source.replaceAll("(?s)(@\\w+)\\((?:[^()\"]|\"(?:\\\\.|[^\"\\\\])*+\")*+\\)", "$1");
    }

    @Test
    void theTestsNamedForTheLifetimeExist() throws IOException {
        var page = Files.readString(ROOT.resolve("docs/lifetime.md"));
        var classes = testClasses();

        var named = NAMED.matcher(page).results().toList();

        assertThat(named).hasSizeGreaterThan(60);
        assertThat(named)
                .filteredOn(test -> !exists(test, classes))
                .extracting(MatchResult::group)
                .isEmpty();
    }

    @Test
    void everyItemOfTheModelHasARow() throws IOException {
        var page = Files.readString(ROOT.resolve("docs/lifetime.md"));
        var rows = Pattern.compile("(?m)^\\| (\\d+)(?: to (\\d+))?((?:, \\d+)*) ")
                .matcher(page)
                .results()
                .toList();

        var covered =
                rows.stream().flatMapToInt(DocumentedTestsTest::items).boxed().collect(Collectors.toSet());

        assertThat(covered)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, ITEMS).boxed().toList());
    }

    private static IntStream items(MatchResult row) {
        var first = Integer.parseInt(row.group(1));
        var last = row.group(2) == null ? first : Integer.parseInt(row.group(2));
        var more = Pattern.compile("\\d+").matcher(row.group(3)).results().mapToInt(n -> Integer.parseInt(n.group()));
        return IntStream.concat(IntStream.rangeClosed(first, last), more);
    }
}
