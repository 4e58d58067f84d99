package io.seawall.cli.token;

import io.seawall.cli.command.Json;
import io.seawall.cli.command.OutputOptions;
import io.seawall.cli.command.Stdio;
import io.seawall.node.access.AccessFile;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Takes a caller out of an access file. */
@Command(
        name = "revoke",
        description = "Take a caller out of an access file. Nodes refuse it, and end its streams, within reload.ms.")
public final class TokenRevoke implements Callable<Integer> {
    @Mixin
    private final OutputOptions output;

    @Mixin
    private final AccessFileOptions file = new AccessFileOptions();

    @Parameters(paramLabel = "NAME", description = "The caller's name.")
    @SuppressWarnings("NullAway.Init") // picocli sets it: it is required
    private String name;

    public TokenRevoke(Stdio stdio) {
        this.output = new OutputOptions(stdio);
    }

    @Override
    public Integer call() {
        new AccessFileEditor(file.file())
                .change(content -> AccessFile.without(file.file().toString(), content, name));
        output.report().line("revoked " + name, Json.object().put("revoked", name));
        return 0;
    }
}
