package io.seawall.cli.segments;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that select records by LSN. */
final class RecordRange {
    @Option(names = "--from", paramLabel = "LSN", description = "The first record (default: the oldest in a segment).")
    private @Nullable Long from;

    @Option(
            names = "--to",
            paramLabel = "LSN",
            description = "The last record, inclusive (default: the newest in a segment).")
    private @Nullable Long to;

    OptionalLong from() {
        return optional(from);
    }

    OptionalLong to() {
        return optional(to);
    }

    private static OptionalLong optional(@Nullable Long value) {
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }
}
