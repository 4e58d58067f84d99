package io.seawall.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Everything that a comment or a page cites must exist. */
class CitationsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path CODE = Path.of("wal-kafka/src/main/java/Planted.java");
    private static final Path PAGE = Path.of("docs/planted.md");

    private static Citations citations;

    @BeforeAll
    static void read() throws IOException {
        citations = Citations.in(ROOT);
    }

    @Test
    void everythingThatIsCitedExists() {
        var broken = citations.texts().entrySet().stream()
                .filter(file -> !file.getKey().endsWith("CitationsTest.java")) // its citations are wrong on purpose
                .flatMap(file -> citations.broken(file.getKey(), file.getValue()).stream())
                .toList();

        assertThat(citations.count()).isGreaterThan(60);
        assertThat(broken).isEmpty();
    }

    @Test
    void everyDecisionHasANumberOfItsOwn() {
        var numbers = citations.texts().keySet().stream()
                .filter(file -> file.startsWith("docs/decisions"))
                .map(file -> file.getFileName().toString().substring(0, 4))
                .toList();

        assertThat(numbers).hasSizeGreaterThan(20).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "docs/protocols.md#opening | there is no docs/protocols.md",
                "docs/protocol.md#openings | no section with the anchor openings",
                "docs/protocol.md#opening, step 9 | has no step 9",
                "docs/protocol.md#opening, steps 5 and 9 | has no step 9",
                "docs/decisions/0001-lease.md | there is no docs/decisions/0001-lease.md",
                "decision 999 | there is no decision 999",
                "decisions 1 and 999 | there is no decision 999",
                "T99 of docs/faults.md | T99 is not a row of docs/faults.md",
                "promise P9 | P9 is not a promise",
                "(design, 5) | 'design, 5' cites what is not in the repository",
                "design section 10 | 'design section 1' cites",
                "(facts 1.6) | 'facts 1' cites",
                "facts on Kafka, T3 | 'facts on Kafka, T3' cites",
                "issue 12 | 'issue 1' cites",
                "as the issue asks | 'the issue' cites",
                "as this design wants | 'this design' cites"
            })
    void seesAWrongCitationInAComment(String text, String expected) {
        assertThat(citations.broken(CODE, "/** Opens a log: " + text + ". */"))
                .singleElement()
                .asString()
                .contains(expected);
        assertThat(citations.broken(CODE, "// Opens a log: " + text))
                .singleElement()
                .asString()
                .contains(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "[that](protocols.md) | there is no docs/protocols.md",
                "[that](protocol.md#openings) | no section with the anchor openings",
                "[that](#nowhere) | there is no docs/planted.md",
                "[that](../seawalls) | there is no seawalls",
                "decision 999 | there is no decision 999",
                "T99 | T99 is not a row",
                "Seen: `NowhereIT` | there is no class NowhereIT",
                "design 5 | 'design 5' cites"
            })
    void seesAWrongCitationInAPage(String text, String expected) {
        assertThat(citations.broken(PAGE, "A log. " + text))
                .singleElement()
                .asString()
                .contains(expected);
    }

    @Test
    void passesWhatExists() {
        var comment =
                "/**\n * Opens: docs/protocol.md#opening,\n * steps 4 and 5; decisions 1 and 2; T3 of docs/faults.md, P1.\n */";
        var page =
                "[a](protocol.md#opening) [b](../README.md) [c](https://example.org/x) `[d](none)`\n- Relied on by: `Citations`\n";

        assertThat(List.of(citations.broken(CODE, comment), citations.broken(PAGE, page)))
                .containsOnly(List.of());
    }

    @Test
    void seesAStepOnTheNextLine() {
        var comment = "/**\n * Opens: docs/protocol.md#opening,\n * step 9.\n */";

        assertThat(citations.broken(CODE, comment)).singleElement().asString().contains("has no step 9");
    }
}
