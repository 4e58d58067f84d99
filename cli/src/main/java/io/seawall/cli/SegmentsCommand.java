package io.seawall.cli;

import picocli.CommandLine.Command;

/** Looks at the segments of logs. The work is done by its subcommands. */
@Command(
        name = "segments",
        description = {
            "List, read, check, export or restore the segment files of logs, or clean up beside them.",
            "",
            "With --root or --config a command works on the files themselves: no node and no Kafka is needed, and nodes may "
                    + "go on working there. ls and verify ask a node without them."
        })
final class SegmentsCommand {}
