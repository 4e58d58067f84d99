package io.seawall.benchmarks.wire;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Programs that read or write lines, run as processes. For one thread. */
final class LineTools {
    private static final int LONGEST_RUN_S = 600;

    private LineTools() {}

    /** Returns where a program is, if it is on the PATH. */
    static Optional<Path> find(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Runs a program to its end.
     *
     * @param command program and arguments
     * @param input what is its standard input
     * @param output what becomes of its standard output
     * @throws IllegalStateException if it fails or takes longer than ten minutes
     */
    static void run(List<String> command, ProcessBuilder.Redirect input, ProcessBuilder.Redirect output) {
        try {
            var errors = Files.createTempFile("bench-errors", ".txt");
            try {
                var process = new ProcessBuilder(command)
                        .redirectInput(input)
                        .redirectOutput(output)
                        .redirectError(errors.toFile())
                        .start();
                await(process, command, errors);
            } finally {
                Files.deleteIfExists(errors);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot run " + command.get(0), failed);
        }
    }

    private static void await(Process process, List<String> command, Path errors) throws IOException {
        try {
            if (!process.waitFor(LONGEST_RUN_S, TimeUnit.SECONDS)) {
                throw new IllegalStateException(command + " did not end within " + LONGEST_RUN_S + " s");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a program runs", interrupted);
        } finally {
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            throw new IllegalStateException(
                    command + " ended with " + process.exitValue() + ": " + Files.readString(errors));
        }
    }
}
