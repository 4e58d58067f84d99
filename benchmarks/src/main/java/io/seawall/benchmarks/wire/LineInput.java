package io.seawall.benchmarks.wire;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which lines to append, and with what.
 *
 * @param file the lines, or null to make some
 * @param megabytes how many to make, 10^6 bytes each
 * @param seawall how to run Seawall: the program and its first arguments, before those of the command
 */
public record LineInput(@Nullable Path file, int megabytes, List<String> seawall) {
    /** Takes a copy of the list. This is not a compact constructor because javac 17 loses {@code @Nullable} there. */
    public LineInput(@Nullable Path file, int megabytes, List<String> seawall) {
        this.file = file;
        this.megabytes = megabytes;
        this.seawall = List.copyOf(seawall);
    }
}
