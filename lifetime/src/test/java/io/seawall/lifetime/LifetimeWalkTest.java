package io.seawall.lifetime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Every order of up to five operations and of all their steps. {@link PlantedFlawsTest} shows that the walk finds flaws.
 */
class LifetimeWalkTest {
    private static final int OPERATIONS = 5;

    @Test
    void noOrderOfFiveOperationsBreaksARule() {
        var size = new LifetimeWalk(new Rules() {}).walk(OPERATIONS);

        System.out.printf("walked %d states over %d transitions%n", size.states(), size.transitions());
        assertThat(size.states()).isGreaterThan(10_000);
    }
}
