package io.seawall.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ApiPageTest {
    private static final String COMMAND = "mvn -pl node -am test -Dtest=ApiPageTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dseawall.docs.write=true";

    @Test
    void thePageInDocsIsUpToDate() throws IOException {
        // Given: surefire runs in the module's folder
        var page = Path.of("..", "docs", "http-api.md");
        if (Boolean.getBoolean("seawall.docs.write")) {
            Files.writeString(page, ApiPage.markdown());
        }

        // Then
        assertThat(Files.readString(page))
                .as("stale; write it with: %s", COMMAND)
                .isEqualTo(ApiPage.markdown());
    }

    @Test
    void everyOperationHasASection() {
        var page = ApiPage.markdown();

        assertThat(ApiDocument.operations())
                .hasSizeGreaterThan(30)
                .allSatisfy(operation -> assertThat(page).contains("### `" + operation + "`\n"));
    }
}
