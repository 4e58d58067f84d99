package io.seawall.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenPartsTest {
    private final List<String> closed = new ArrayList<>();
    private final OpenParts parts = new OpenParts();

    @Test
    void closesInReverseOrderAndGoesOnAfterAFailure() {
        parts.add(() -> closed.add("first"));
        parts.add(() -> {
            throw new IOException("full disk");
        });
        parts.add(() -> closed.add("last"));

        parts.close();
        parts.close();

        assertThat(closed).containsExactly("last", "first");
    }
}
