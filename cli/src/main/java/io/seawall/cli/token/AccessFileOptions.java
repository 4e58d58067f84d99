package io.seawall.cli.token;

import io.seawall.cli.command.PathConverter;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Names the access file. */
final class AccessFileOptions {
    @Option(
            names = "--file",
            paramLabel = "FILE",
            required = true,
            defaultValue = "${env:SEAWALL_ACCESS_FILE}",
            converter = PathConverter.class,
            description = "The access file, which nodes read as access.file; else SEAWALL_ACCESS_FILE.")
    @SuppressWarnings("NullAway.Init") // picocli sets it: it is required
    private Path file;

    Path file() {
        return file;
    }
}
