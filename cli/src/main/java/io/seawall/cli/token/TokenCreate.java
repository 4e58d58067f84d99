package io.seawall.cli.token;

import io.seawall.cli.command.DurationConverter;
import io.seawall.cli.command.Json;
import io.seawall.cli.command.OutputOptions;
import io.seawall.cli.command.Stdio;
import io.seawall.node.access.AccessFile;
import io.seawall.node.access.Entry;
import io.seawall.node.access.Right;
import io.seawall.node.access.Token;
import io.seawall.wal.WalException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Adds a caller to an access file. */
@Command(
        name = "create",
        description = {
            "Add a caller to an access file, and print its token. It is not shown again: the file has only its SHA-256.",
            "",
            "Keep it in a file that its user alone can read: seawall token create shop --right 'append:orders-*' > shop.token"
        })
public final class TokenCreate implements Callable<Integer> {
    private final Consumer<byte[]> random;

    @Mixin
    private final OutputOptions output;

    @Mixin
    private final AccessFileOptions file = new AccessFileOptions();

    @Parameters(paramLabel = "NAME", description = "The caller's name, for errors and the audit log.")
    @SuppressWarnings("NullAway.Init") // picocli sets it: it is required
    private String name;

    @Option(
            names = "--right",
            paramLabel = "ACTION:TOPICS",
            required = true,
            description =
                    "What it may do: append, read, trim or admin, and a topic, the begin of topics with *, or * for all, "
                            + "as in 'read:orders-*'. May be given several times.")
    @SuppressWarnings("NullAway.Init") // picocli sets it: it is required
    private List<String> rights;

    @Option(
            names = "--expires-in",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long the token is valid, as in 12h or 90d (default: for ever).")
    private @Nullable Duration expiresIn;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    /**
     * Creates the command.
     *
     * @param random fills an array with random bytes that nobody can guess
     */
    public TokenCreate(Stdio stdio, Consumer<byte[]> random) {
        this.random = random;
        this.output = new OutputOptions(stdio);
    }

    @Override
    public Integer call() {
        var token = Token.create(random);
        var expires = Optional.ofNullable(expiresIn)
                .map(time -> output.now().truncatedTo(ChronoUnit.SECONDS).plus(time));
        var hash = HexFormat.of().formatHex(Token.sha256(token));
        var entry = new Entry(name, new Entry.TokenHash(hash), parsed(), expires);
        new AccessFileEditor(file.file())
                .change(content -> AccessFile.with(file.file().toString(), content, entry));
        var json = Json.object().put("name", name).put("token", token);
        expires.ifPresent(end -> json.put("expires", end.toString()));
        output.report().line(token, json);
        return 0;
    }

    private Set<Right> parsed() {
        var parsed = new LinkedHashSet<Right>();
        for (var right : rights) {
            try {
                parsed.add(Right.parse(right));
            } catch (WalException wrong) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--right '" + right + "': expected " + wrong.problem().expected());
            }
        }
        return parsed;
    }
}
