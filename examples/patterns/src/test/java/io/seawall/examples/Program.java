package io.seawall.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/** One of the examples in a process of its own, which {@link #close} kills. */
final class Program implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;

    private Program(Process process) {
        this.process = process;
        this.out = process.inputReader(StandardCharsets.UTF_8);
    }

    static Program start(Class<?> main, String... args) throws IOException {
        return new Program(new ProcessBuilder(command(main, args))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    static List<String> command(Class<?> main, String... args) {
        var words = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        words.addAll(List.of(args));
        return words;
    }

    /** Returns the next line that it prints. */
    String line() throws IOException {
        return Objects.requireNonNull(out.readLine(), "the program ended");
    }

    /** Reads what it prints up to a line, and returns that line. */
    String lineThat(Predicate<String> isIt) throws IOException {
        var line = line();
        while (!isIt.test(line)) {
            line = line();
        }
        return line;
    }

    /** Waits for its end, and returns everything that it has printed. */
    List<String> linesToTheEnd() {
        return out.lines().toList();
    }

    int exitCode() throws InterruptedException {
        return process.waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
