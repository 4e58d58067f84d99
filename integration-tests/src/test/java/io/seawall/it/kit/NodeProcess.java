package io.seawall.it.kit;

import io.seawall.it.process.Signals;
import io.seawall.it.s3.S3Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** A node in a process of its own, as users run it, with the class path of this build. Ended by process id. */
public final class NodeProcess implements AutoCloseable {
    private static final Pattern READY = Pattern.compile("Seawall node at (https?://\\S+)");
    private static final Pattern GRPC = Pattern.compile("\\(gRPC at (\\S+)\\)");

    private final Process process;
    private final Path log;
    private final String url;

    private NodeProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        this.url = awaitUrl();
    }

    /**
     * What to run.
     *
     * @param id the node's id
     * @param bootstrapServers the addresses of Kafka
     * @param data the node's folder
     * @param settings further {@code key=value} settings
     * @param classPathFirst goes before the class path of this build; empty for none
     */
    public record Spec(String id, String bootstrapServers, Path data, List<String> settings, String classPathFirst) {
        public static Spec of(String id, String bootstrapServers, Path data, String... settings) {
            return new Spec(id, bootstrapServers, data, List.of(settings), "");
        }

        public Spec withClassPathFirst(Path first) {
            return new Spec(id, bootstrapServers, data, settings, first + ":");
        }
    }

    public static NodeProcess start(Spec spec) {
        var command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1", // the second compiler does not pay off in a node that lives for seconds
                "-cp",
                spec.classPathFirst() + System.getProperty("java.class.path"),
                "io.seawall.cli.Seawall",
                "node"));
        var settings = new ArrayList<>(List.of(
                "node.id=" + spec.id(),
                "kafka.bootstrap.servers=" + spec.bootstrapServers(),
                "http.port=0",
                "grpc.port=0",
                "data.dir=" + spec.data()));
        settings.addAll(spec.settings());
        settings.forEach(setting -> {
            command.add("--set");
            command.add(setting);
        });
        try {
            Files.createDirectories(spec.data());
            var log = Files.createTempFile(spec.data(), spec.id() + "-", ".log");
            var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
            // Used only by a node whose segments are on an S3Server.
            builder.environment().putAll(S3Server.ENVIRONMENT);
            return new NodeProcess(builder.start(), log);
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    private String awaitUrl() {
        var found = new String[1];
        Awaitility.await("node is ready, log " + log)
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    Matcher matcher = READY.matcher(Files.readString(log));
                    if (matcher.find()) {
                        found[0] = matcher.group(1);
                    } else if (!process.isAlive()) {
                        throw new IllegalStateException("the node ended: " + Files.readString(log));
                    }
                    return found[0] != null;
                });
        return found[0];
    }

    public String url() {
        return url;
    }

    /** Returns where the node serves gRPC, as host:port. */
    public String grpc() {
        Matcher matcher = GRPC.matcher(log());
        if (!matcher.find()) {
            throw new IllegalStateException("the node does not serve gRPC: " + log());
        }
        return matcher.group(1);
    }

    public NodeApi api() {
        return new NodeApi(url);
    }

    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    public long pid() {
        return process.pid();
    }

    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    public void pause() {
        Signals.pause(process);
    }

    public void resume() {
        Signals.resume(process);
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the node does not end");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Stops the node, after resuming it if it is paused; kills it if it does not end. */
    @Override
    public void close() {
        if (process.isAlive()) {
            resume();
            process.destroy();
            try {
                if (!process.waitFor(30, TimeUnit.SECONDS)) {
                    kill();
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                kill();
            }
        }
    }
}
