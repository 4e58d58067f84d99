package io.seawall.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code docs/cli.md} shows what each command says about itself. */
class CommandPageTest {
    private static final String COMMAND = "mvn -pl cli -am test -Dtest=CommandPageTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dseawall.docs.write=true";
    private static final Pattern SUBCOMMANDS = Pattern.compile("(?m)^  ([a-z]+)  ");
    private static final String HEAD = """
            # The command line

            Generated from the commands themselves: do not edit. A test of the module `cli` fails when this page is stale and says how to write it again.

            What each command prints with `--help`; `./seawall help` lists them. [The tour](tour.md) shows them at work. [cluster.md](cluster.md#commands-and-their-http) has the HTTP request that each command about the cluster sends.

            - A command that talks to a node finds it by `--url`, else by the environment variable `SEAWALL_URL`, else at `http://127.0.0.1:7070`. Any node will do: it knows the owner of each log.
            - `append --lines` and `read` use gRPC. The node tells its address; `--grpc` or `SEAWALL_GRPC` sets another one ([decision 95](decisions/0095-commands-that-move-records-use-grpc.md)).
            - With an `https` address both are encrypted: `--ca` names the CAs that are trusted, `--cert` and `--cert-key` the certificate to show ([security](security.md)).
            - With `--json` a command writes JSON for programs, and nothing else, to standard output.
            - Exit codes: 0 done, 1 failed, 2 wrong usage, 3 the Kafka broker of `dev` ended. Errors go to standard error, with a [code](http-api.md#errors) that stays the same between versions.
            - `JAVA_HOME` chooses the Java, `SEAWALL_OPTS` adds options for it, `SEAWALL_LOG_LEVEL` sets the level of the log. Keys of the configuration, for `--set` and `--config`, are in [configuration.md](configuration.md).
            """;

    private static String page() {
        return HEAD
                + subcommands(List.of()).stream()
                        .map(name -> section(List.of(name)))
                        .collect(Collectors.joining());
    }

    private static String section(List<String> command) {
        var text = "\n" + "#".repeat(command.size() + 1) + " `" + String.join(" ", command) + "`\n\n```text\n"
                + help(command) + "```\n";
        return text
                + subcommands(command).stream()
                        .map(name -> section(with(command, name)))
                        .collect(Collectors.joining());
    }

    private static List<String> subcommands(List<String> command) {
        var help = help(command);
        var list = help.indexOf("\nCommands:\n");
        return list < 0
                ? List.of()
                : SUBCOMMANDS
                        .matcher(help.substring(list))
                        .results()
                        .map(MatchResult::group)
                        .map(String::strip)
                        .filter(name -> !name.equals("help"))
                        .toList();
    }

    private static List<String> with(List<String> command, String name) {
        var longer = new ArrayList<>(command);
        longer.add(name);
        return longer;
    }

    private static String help(List<String> command) {
        return Cli.run(with(command, "--help").toArray(String[]::new)).out();
    }

    @Test
    void thePageInDocsIsUpToDate() throws IOException {
        // Given: surefire runs in the module's folder
        var page = Path.of("..", "docs", "cli.md");
        if (Boolean.getBoolean("seawall.docs.write")) {
            Files.writeString(page, page());
        }

        // Then
        assertThat(Files.readString(page))
                .as("stale; write it with: %s", COMMAND)
                .isEqualTo(page());
    }

    @Test
    void everyCommandHasASection() {
        assertThat(page())
                .contains("## `append`", "## `segments`", "### `segments restore`", "## `forget`", "## `dev`");
    }
}
