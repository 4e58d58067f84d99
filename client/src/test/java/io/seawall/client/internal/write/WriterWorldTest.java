package io.seawall.client.internal.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Runs the writer's machine against nodes that lose, cut, move and refuse: nothing is lost, doubled or out of order. */
class WriterWorldTest {
    private static final long SEEDS = Long.getLong("writer.seeds", 3_000);

    @Test
    void noSeedBreaksAPromise() {
        var violations = LongStream.range(0, SEEDS)
                .mapToObj(WriterWorld::violation)
                .filter(found -> !found.isEmpty())
                .limit(5)
                .toList();

        assertThat(violations).isEmpty();
    }
}
