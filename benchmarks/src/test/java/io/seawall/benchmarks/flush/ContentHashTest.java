package io.seawall.benchmarks.flush;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The flush benchmark is worthless unless the hash detects every difference. */
class ContentHashTest {
    private static final byte[] ONE = {1, 2, 3};
    private static final byte[] OTHER = {1, 2, 4};

    @Test
    void theSameRecordsHaveTheSameHash() {
        assertThat(hash(0, ONE, 1, OTHER)).isEqualTo(hash(0, ONE, 1, OTHER)).hasSize(64);
    }

    @Test
    void seesAnotherValueAnotherOrderAndAnotherNumber() {
        assertThat(hash(0, ONE, 1, OTHER))
                .isNotEqualTo(hash(0, ONE, 1, ONE))
                .isNotEqualTo(hash(0, OTHER, 1, ONE))
                .isNotEqualTo(hash(0, ONE, 2, OTHER));
    }

    private static String hash(long first, byte[] firstValue, long second, byte[] secondValue) {
        var hash = new ContentHash();
        hash.add(first, firstValue);
        hash.add(second, secondValue);
        return hash.text();
    }
}
