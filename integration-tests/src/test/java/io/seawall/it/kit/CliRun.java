package io.seawall.it.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs {@code seawall} in a process of its own, with the class path of this build. */
public final class CliRun {
    private CliRun() {}

    /**
     * The result of a command.
     *
     * @param exitCode 0 success, 1 failure, 2 wrong usage
     * @param err its standard error
     */
    public record Result(int exitCode, String err) {}

    public static List<String> command(String... arguments) {
        var command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:+UseSerialGC", // as the launcher starts commands
                "-XX:TieredStopAtLevel=1",
                "-Dseawall.broker.libs=" + System.getProperty("seawall.broker.libs"),
                "-cp",
                System.getProperty("java.class.path"),
                "io.seawall.cli.Seawall"));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Runs a command to its end, within four minutes. */
    public static Result run(Path in, Path out, String... arguments) {
        try {
            var err = Files.createTempFile("seawall-it", ".err");
            var process = new ProcessBuilder(command(arguments))
                    .redirectInput(in.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            if (!process.waitFor(240, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("not done in time: " + List.of(arguments));
            }
            var said = Files.readString(err);
            Files.delete(err);
            return new Result(process.exitValue(), said);
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
