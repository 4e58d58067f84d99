package io.seawall.cli.client;

import io.seawall.cli.command.CommandFailed;
import io.seawall.cli.command.PathConverter;
import io.seawall.node.access.Token;
import io.seawall.node.reload.ReloadedFiles;
import io.seawall.wal.WalException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options for nodes with an access file. */
final class TokenOptions {
    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            defaultValue = "${env:SEAWALL_TOKEN_FILE:-}",
            converter = PathConverter.class,
            description = "The file with the token to send to the node; else SEAWALL_TOKEN_FILE, else none is sent.")
    private Path file = Path.of("");

    @Option(
            names = "--token-in-plain-text",
            description = "Send the token also to other machines over http, where the network can read it.")
    private boolean plainText;

    /**
     * Reads the token.
     *
     * @throws CommandFailed if the file cannot be used
     */
    Login login() {
        if (file.toString().isEmpty()) {
            return Login.NONE;
        }
        try {
            return new Login(Token.inFile(file.toString(), ReloadedFiles.read(file)), plainText);
        } catch (WalException unusable) {
            throw new CommandFailed(String.valueOf(unusable.getMessage()));
        }
    }
}
