package io.seawall.benchmarks.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the system's figures of a process. */
public final class ProcessFacts {
    private static final String RESIDENT = "VmRSS:";
    private static final double KIB_PER_MIB = 1024;

    private ProcessFacts() {}

    /** Returns the processor time that a process has used; zero if the system does not provide it. */
    public static Duration cpu(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .orElse(Duration.ZERO);
    }

    /** Returns the processor time that this process has used. */
    static Duration ownCpu() {
        return cpu(ProcessHandle.current().pid());
    }

    /** Returns a process's resident memory in MiB, or null if there is no /proc. */
    public static @Nullable Double residentMib(long pid) {
        var status = Path.of("/proc", Long.toString(pid), "status");
        if (!Files.isReadable(status)) {
            return null;
        }
        try (var lines = Files.lines(status)) {
            return lines.flatMap(line -> residentMib(line).stream()).findFirst().orElse(null);
        } catch (IOException error) {
            throw new UncheckedIOException("cannot read " + status, error);
        }
    }

    /** Parses a line such as {@code VmRSS:     123456 kB}. */
    static Optional<Double> residentMib(String line) {
        if (!line.startsWith(RESIDENT)) {
            return Optional.empty();
        }
        var number = line.substring(RESIDENT.length()).replace("kB", "").strip();
        return Optional.of(Long.parseLong(number) / KIB_PER_MIB);
    }
}
