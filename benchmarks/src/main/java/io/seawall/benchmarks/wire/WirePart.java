package io.seawall.benchmarks.wire;

import java.util.Locale;

/** A part of the benchmark. */
public enum WirePart {
    /** Appends over gRPC and HTTP against a log in this process. */
    APPEND,
    /** The Java client against a bare producer with the same batches. */
    CLIENT,
    /** Requests that append against requests that do not, over many connections. */
    HTTP,
    /** Many readers of one log, and one more that stalls. */
    FAN_OUT,
    /** The commands append and read against kcat. */
    LINES;

    /** Returns its name as an option and in the result. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
