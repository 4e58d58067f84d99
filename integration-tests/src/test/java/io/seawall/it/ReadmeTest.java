package io.seawall.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The README stays short and leads to every page, and pages show examples as they are compiled and run. */
class ReadmeTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final int MOST_LINES = 130;
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)");

    private static String read(String file) throws IOException {
        return Files.readString(ROOT.resolve(file));
    }

    private static Set<String> links(String file) throws IOException {
        return LINK.matcher(read(file))
                .results()
                .map(link -> link.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns the pages of {@code docs} and of the folders in it, apart from the decisions, which have a folder of their own. */
    private static List<String> pages() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT.resolve("docs"))) {
            return files.map(file -> ROOT.relativize(file).toString())
                    .filter(file -> file.endsWith(".md") && !file.startsWith("docs/decisions/"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void leadsToEveryPage() throws IOException {
        assertThat(pages()).hasSizeGreaterThan(20);
        assertThat(links("README.md")).containsAll(pages()).contains("docs/decisions", "docs/seawall.svg");
    }

    @Test
    void staysShort() throws IOException {
        assertThat(read("README.md").lines())
                .as("what does not fit belongs on a page of docs")
                .hasSizeLessThanOrEqualTo(MOST_LINES);
    }

    @ParameterizedTest
    @CsvSource({
        "docs/client.md, examples/client/src/main/java/io/seawall/examples/client/Orders.java",
        "docs/embedded.md, examples/embedded/src/main/java/io/seawall/examples/embedded/EmbeddedLog.java",
    })
    void pagesShowExamplesThatAreCompiledAndRun(String page, String source) throws IOException {
        var code = read(source);

        assertThat(read(page))
                .as("%s has the code of %s from its first import on, between ```java and ```", page, source)
                .contains("```java\n" + code.substring(code.indexOf("import ")) + "```\n");
    }
}
