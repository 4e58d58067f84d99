package io.seawall.kafkasim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests the test: the simulation finds each bug within a thousand seeds. */
class PlantedBugsTest {
    private static final long MOST_SEEDS = 1_000;

    static List<PlantedBug> bugs() {
        return PlantedBug.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bugs")
    void isFound(PlantedBug bug, @TempDir Path directory) throws IOException, ReflectiveOperationException {
        try (var product = PatchedProduct.with(bug, directory)) {
            var seed = bug.fromSeed();
            var found = product.violation(seed);
            while (found.isEmpty() && seed + 1 < bug.fromSeed() + MOST_SEEDS) {
                found = product.violation(++seed);
            }
            System.out.println("'" + bug + "' found by seed " + seed + ": " + found);
            assertThat(found)
                    .as("what %s seeds from %s on found of '%s'", MOST_SEEDS, bug.fromSeed(), bug)
                    .isNotEmpty();
        }
    }
}
