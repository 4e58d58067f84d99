package io.seawall.cli;

import io.seawall.cli.command.Stdio;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Runs commands as a shell would, and keeps their output. */
public final class Cli {
    private Cli() {}

    /** The result of a command. */
    @SuppressWarnings("ArrayRecordComponent") // compared by the tests themselves
    public record Outcome(int code, byte[] bytes, String err) {
        public String out() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    public static Outcome run(String... args) {
        return run(InputStream.nullInputStream(), args);
    }

    public static Outcome run(byte[] input, String... args) {
        return run(new ByteArrayInputStream(input), args);
    }

    public static Outcome run(InputStream input, String... args) {
        var out = new ByteArrayOutputStream();
        var outcome = run(input, out, args);
        return new Outcome(outcome.code(), out.toByteArray(), outcome.err());
    }

    public static Outcome run(InputStream input, OutputStream out, String... args) {
        var err = new ByteArrayOutputStream();
        var errPrinter = new PrintStream(err, true, StandardCharsets.UTF_8);
        var code = Seawall.run(Stdio.of(input, out, errPrinter, false, false), args);
        return new Outcome(code, new byte[0], err.toString(StandardCharsets.UTF_8));
    }
}
