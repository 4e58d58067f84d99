package io.seawall.cli.segments;

import picocli.CommandLine.Command;

/** Manages the segments of logs. Its subcommands do the work. */
@Command(
        name = "segments",
        description = {
            "List, read, verify, export or restore the segment files of logs, or delete leftovers beside them.",
            "",
            "With --root or --config a command works on the files: it needs no node and no Kafka, and nodes may "
                    + "keep working there. Without them, ls and verify ask a node."
        })
public final class SegmentsCommand {}
