package io.seawall.walkafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CopyBytesTest {
    @Test
    void growsToTheMostAndNoFurther() {
        var bytes = CopyBytes.upTo(16 << 20);
        for (var transaction = 0; transaction < 100; transaction++) {
            bytes.grow();
        }

        assertThat(bytes.now()).isEqualTo(16 << 20);
    }

    /** A restore has no limit of its own: a limit that overflowed would end each transaction at its first record. */
    @Test
    void staysAtTheLargestNumber() {
        var bytes = CopyBytes.always(Long.MAX_VALUE);

        bytes.grow();

        assertThat(bytes.now()).isEqualTo(Long.MAX_VALUE);
    }
}
