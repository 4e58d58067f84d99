package io.seawall.cli.token;

import picocli.CommandLine.Command;

/** Manages the callers of nodes. Its subcommands do the work. */
@Command(
        name = "token",
        description = {
            "Create, revoke or list the tokens that an access file allows.",
            "",
            "They work on the file, on the machine where it is; nodes read it again within reload.ms. Give each node the "
                    + "same file."
        })
public final class TokenCommand {}
