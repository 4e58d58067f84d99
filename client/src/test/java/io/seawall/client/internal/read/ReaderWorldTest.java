package io.seawall.client.internal.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.plantedbugs.Edit;
import io.seawall.plantedbugs.PatchedProduct;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReaderWorldTest {
    private static final long SEEDS = 2_000;
    private static final List<Path> SOURCES = List.of(Path.of("src", "main", "java", "io", "seawall", "client"));

    @Test
    void noSeedBreaksAPromise() {
        var violations = LongStream.range(0, SEEDS)
                .mapToObj(ReaderWorld::violation)
                .filter(found -> !found.isEmpty())
                .limit(5)
                .toList();

        assertThat(violations).isEmpty();
    }

    static List<Edit> bugs() {
        return List.of(
                new Edit("ReaderMachine", "next == UNKNOWN ? from : StartPosition.lsn(next)", "from"),
                new Edit("ReaderMachine", "if (message.getNext() != next) {", "if (message.getNext() < 0) {"),
                new Edit("ReaderMachine", "asked = most - held;", "asked = most;"),
                new Edit(
                        "ReaderMachine",
                        "while (!ended && call != 0 && asked + held < most) {",
                        "while (!ended && call != 0 && held < most && asked < most) {"),
                new Edit("ReaderMachine", "asked > 0 && heardMs + options.silence().toMillis() <= nowMs", "false"),
                new Edit("ReaderMachine", "        held--;\n", ""),
                new Edit("ReaderMachine", "(heard && (error", "(calls < 0 && (error"));
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void aPlantedBugIsFound(Edit bug, @TempDir Path directory) throws IOException, ReflectiveOperationException {
        try (var product = PatchedProduct.with(SOURCES, List.of(bug), directory)) {
            assertThat(product.search(ReaderWorld.class, 0, SEEDS).violation()).isNotEmpty();
        }
    }
}
