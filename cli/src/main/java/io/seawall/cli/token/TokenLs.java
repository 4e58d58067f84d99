package io.seawall.cli.token;

import com.fasterxml.jackson.databind.JsonNode;
import io.seawall.cli.command.CommandFailed;
import io.seawall.cli.command.Json;
import io.seawall.cli.command.OutputOptions;
import io.seawall.cli.command.Stdio;
import io.seawall.node.access.AccessFile;
import io.seawall.node.access.Entry;
import io.seawall.node.access.Right;
import io.seawall.wal.WalException;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists the callers of an access file. */
@Command(name = "ls", description = "List the callers of an access file, with their rights. It checks the file, too.")
public final class TokenLs implements Callable<Integer> {
    @Mixin
    private final OutputOptions output;

    @Mixin
    private final AccessFileOptions file = new AccessFileOptions();

    public TokenLs(Stdio stdio) {
        this.output = new OutputOptions(stdio);
    }

    @Override
    public Integer call() {
        try {
            var list = AccessFile.parse(file.file().toString(), new AccessFileEditor(file.file()).read());
            output.report()
                    .rows(list.entries().stream()
                            .map(entry -> row(entry, output.now()))
                            .toList());
            return 0;
        } catch (WalException unusable) {
            throw new CommandFailed(String.valueOf(unusable.getMessage()));
        }
    }

    private static JsonNode row(Entry entry, Instant now) {
        var rights = entry.rights().stream().map(Right::toString).sorted().toList();
        return Json.object()
                .put("name", entry.name())
                .put(
                        "by",
                        entry.proof() instanceof Entry.Subject subject
                                ? subject.name().getName()
                                : "token")
                .put("rights", String.join(" ", rights))
                .put("expires", entry.expires().map(Instant::toString).orElse("never"))
                .put("state", entry.isExpired(now) ? "expired" : "valid");
    }
}
