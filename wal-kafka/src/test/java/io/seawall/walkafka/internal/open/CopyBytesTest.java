package io.seawall.walkafka.internal.open;

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

    /** A restore has no limit. A limit that overflows would end each transaction after its first record. */
    @Test
    void staysAtTheLargestNumber() {
        var bytes = CopyBytes.always(Long.MAX_VALUE);

        bytes.grow();

        assertThat(bytes.now()).isEqualTo(Long.MAX_VALUE);
    }
}
