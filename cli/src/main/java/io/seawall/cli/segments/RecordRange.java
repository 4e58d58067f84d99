package io.seawall.cli.segments;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that select records by LSN. */
final class RecordRange {
    @Option(names = "--from", paramLabel = "LSN", description = "The first record (default: the oldest in a segment).")
    private @Nullable Long from;

    @Option(
            names = "--to",
            paramLabel = "LSN",
            description = "The last record, inclusive (default: the newest in a segment).")
    private @Nullable Long to;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    /** Refuses a range that ends before it begins. */
    void check() {
        if (from != null && to != null && to < from) {
            throw new ParameterException(
                    spec.commandLine(), "--to is " + to + ", expected " + from + " or more, because that is --from");
        }
    }

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
