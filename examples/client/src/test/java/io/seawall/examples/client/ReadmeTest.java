package io.seawall.examples.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReadmeTest {
    private static final Path MODULE = Path.of("").toAbsolutePath();
    private static final String SOURCE = "src/main/java/io/seawall/examples/client/Orders.java";

    @Test
    void showsTheExampleThatIsCompiledAndRun() throws IOException {
        var source = Files.readString(MODULE.resolve(SOURCE));
        var readme = Files.readString(MODULE.resolve("../../README.md"));

        var shown = source.substring(source.indexOf("import "));

        assertThat(readme)
                .as("README.md has the code of %s from its first import on, between ```java and ```", SOURCE)
                .contains("```java\n" + shown + "```\n");
    }
}
