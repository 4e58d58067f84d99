package io.seawall.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessFactsTest {
    @Test
    void readsTheResidentMemoryFromItsLineAlone() {
        assertThat(ProcessFacts.residentMib("VmRSS:\t  2048 kB")).contains(2.0);
        assertThat(ProcessFacts.residentMib("VmSize:\t  2048 kB")).isEmpty();
    }
}
