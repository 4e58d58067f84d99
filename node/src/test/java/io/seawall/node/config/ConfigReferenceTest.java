package io.seawall.node.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigReferenceTest {
    private static final String COMMAND = "mvn -pl node -am test -Dtest=ConfigReferenceTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dseawall.docs.write=true";

    @Test
    void thePageInDocsIsUpToDate() throws IOException {
        // Given: surefire runs in the module's folder
        var page = Path.of("..", "docs", "configuration.md");
        if (Boolean.getBoolean("seawall.docs.write")) {
            Files.writeString(page, ConfigReference.markdown());
        }

        // Then
        assertThat(Files.readString(page))
                .as("stale; write it with: %s", COMMAND)
                .isEqualTo(ConfigReference.markdown());
    }
}
