package io.seawall.it.cluster;

import io.seawall.coordinator.kafka.ClusterConnection;
import java.io.IOException;
import java.util.List;

/** A member in a process of its own, which can be killed. The process ends when its standard input does. */
final class MemberProcess implements AutoCloseable {
    private final Process process;

    private MemberProcess(Process process) {
        this.process = process;
    }

    static MemberProcess start(String bootstrapServers, String prefix, String node, String incarnation)
            throws IOException {
        var command = List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                MemberProcess.class.getName(),
                bootstrapServers,
                prefix,
                node,
                incarnation);
        return new MemberProcess(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** Runs a member. */
    public static void main(String[] args) throws IOException {
        var connection = ClusterConnection.plain(args[0], args[1]);
        try (var member = MemberUnderTest.join(connection, args[2], args[3])) {
            while (System.in.read() >= 0) {
                member.view();
            }
        }
        Runtime.getRuntime().halt(0);
    }

    Process process() {
        return process;
    }

    /** Kills the process, as {@code kill -9} does, and waits until it is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
