package io.seawall.it.segments;

import io.seawall.it.s3.S3Server;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A running {@link StorePutter}. Ended by process id. */
final class StorePutterProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;

    private StorePutterProcess(Process process) {
        this.process = process;
        this.out = process.inputReader();
    }

    /** Starts one, and waits until it has opened its store. */
    static StorePutterProcess start(String name, List<String> store) throws IOException {
        var command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                StorePutter.class.getName(),
                name));
        command.addAll(store);
        var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(S3Server.ENVIRONMENT);
        var putter = new StorePutterProcess(builder.start());
        for (var line = putter.out.readLine(); !StorePutter.READY.equals(line); line = putter.out.readLine()) {
            if (line == null) {
                throw new IllegalStateException("the putter " + name + " ended");
            }
        }
        return putter;
    }

    void go(int keys) throws IOException {
        var in = process.outputWriter();
        in.write(keys + "\n");
        in.flush();
    }

    /** Returns the results that it printed, once it is done. */
    List<String> results() throws IOException {
        var results = new ArrayList<String>();
        for (var line = out.readLine(); line != null; line = out.readLine()) {
            results.add(line);
        }
        return results;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
