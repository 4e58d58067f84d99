package io.seawall.kafkasim;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.plantedbugs.PatchedProduct;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests the test: the simulation finds each bug within a thousand seeds. */
class PlantedBugsTest {
    private static final List<Path> SOURCES =
            List.of(Path.of("..", "wal-kafka", "src", "main", "java", "io", "seawall", "walkafka"));
    private static final long MOST_SEEDS = 1_000;

    static List<PlantedBug> bugs() {
        return PlantedBug.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bugs")
    void isFound(PlantedBug bug, @TempDir Path directory) throws IOException, ReflectiveOperationException {
        try (var product = PatchedProduct.with(SOURCES, bug.edits(), directory)) {
            var found = product.search(SeedRun.class, bug.fromSeed(), MOST_SEEDS);
            System.out.println("'" + bug + "' found by seed " + found.seed() + ": " + found.violation());
            assertThat(found.violation())
                    .as("what %s seeds from %s on found of '%s'", MOST_SEEDS, bug.fromSeed(), bug)
                    .isNotEmpty();
        }
    }
}
