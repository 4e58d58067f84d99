package io.seawall.client.internal.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.plantedbugs.Edit;
import io.seawall.plantedbugs.PatchedProduct;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests the test: {@link WriterWorld} finds each bug within a few thousand seeds. */
class PlantedWriterBugsTest {
    private static final List<Path> SOURCES = List.of(Path.of("src", "main", "java", "io", "seawall", "client"));
    private static final long MOST_SEEDS = 3_000;

    private record Bug(String name, List<Edit> edits) {
        Bug(String name, String type, String fragment, String replacement) {
            this(name, List.of(new Edit(type, fragment, replacement)));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Bug> bugs() {
        return List.of(
                new Bug(
                        "a loose copy is sent under another number",
                        List.of(
                                new Edit(
                                        "WriterMachine",
                                        "if (session == null || fit) {",
                                        "if (session == null || fit || fit == false) {"),
                                new Edit(
                                        "WriterMachine",
                                        "if (batch.isLoose() && batch.seq() != seq) {",
                                        "if (seq < 0) {"))),
                new Bug(
                        "a new session begins without asking for loose copies by their old numbers",
                        "WriterMachine",
                        "if (loose.stream().allMatch(Batch::isAbsent)) {",
                        "if (loose != null) {"),
                new Bug(
                        "batches are sent while those behind a refused one are not answered",
                        "WriterMachine",
                        "link instanceof Link.Open open && !sweeping",
                        "link instanceof Link.Open open"),
                new Bug(
                        "a refused batch uses its number up",
                        "WriterMachine",
                        "        active.remove(0);\n        fail(batch, problem);",
                        "        active.remove(0);\n        base++;\n        fail(batch, problem);"),
                new Bug(
                        "a batch whose answer was lost counts as not written",
                        "Batch",
                        "        inFlight = false;\n        loose = true;",
                        "        inFlight = false;"),
                new Bug(
                        "an answer on one call is taken for the copy on another",
                        "Batch",
                        "    void answered() {\n        inFlight = false;",
                        "    void answered() {\n        inFlight = false;\n        loose = false;"),
                new Bug(
                        "a batch that is in flight when its time is over counts as not written",
                        "WriterMachine",
                        "if (!oldest.isInFlight() && !oldest.isLoose()) {",
                        "if (!oldest.isLoose()) {"),
                new Bug(
                        "an answer without an outcome counts as a refusal",
                        "WriterMachine",
                        "            lost(batch, problem);\n            leave",
                        "            batch.answered();\n            leave"),
                new Bug("six batches are in flight", "WriterMachine", "int PIPELINE = 5;", "int PIPELINE = 7;"),
                new Bug(
                        "the gap behind a refused batch ends the writer",
                        "WriterMachine",
                        "if (sweeping && problem.effect() == Effect.NONE) {",
                        "if (!sweeping && problem.effect() == Effect.APPLIED) {"),
                new Bug(
                        "numbers go on in the old session",
                        "WriterMachine",
                        "        session = sessions.get();\n",
                        "        var unused = sessions.get();\n"),
                new Bug(
                        "after a failed call the newest batch is sent first",
                        "WriterMachine",
                        "        flight.clear();\n        sweeping = false;\n        if (ending",
                        "        flight.clear();\n        java.util.Collections.reverse(active);\n        sweeping = false;\n        if (ending"),
                new Bug(
                        "a batch behind a refused one is refused too",
                        "WriterMachine",
                        "            refusedOutOfTurn(batch, problem);",
                        "            active.remove(batch);\n            fail(batch, problem);"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bugs")
    void isFound(Bug bug, @TempDir Path directory) throws IOException, ReflectiveOperationException {
        try (var product = PatchedProduct.with(SOURCES, bug.edits(), directory)) {
            var found = product.search(WriterWorld.class, 0, MOST_SEEDS);
            System.out.println("'" + bug + "': " + found.violation());
            assertThat(found.violation())
                    .as("what %s seeds found of '%s'", MOST_SEEDS, bug)
                    .isNotEmpty();
        }
    }
}
