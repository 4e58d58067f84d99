package io.seawall.cli.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.seawall.benchmarks.wire.WireNode;
import io.seawall.cli.command.CommandFailed;
import io.seawall.cli.command.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A node in a process of its own, so that its processor time is not that of the benchmark. */
final class ChildNode implements AutoCloseable {
    private static final int LONGEST_START_S = 60;
    private static final int LONGEST_STOP_S = 30;

    private final Process process;
    private final WireNode node;

    private ChildNode(Process process, WireNode node) {
        this.process = process;
        this.node = node;
    }

    /**
     * Starts a node; returns once it listens.
     *
     * @param command program and first arguments
     * @param settings {@code key=value} each
     * @param directory of its data and its log
     */
    static ChildNode start(List<String> command, List<String> settings, Path directory) {
        var whole = new ArrayList<>(command);
        whole.addAll(List.of("node", "--json", "--set", "data.dir=" + directory.resolve("data")));
        settings.forEach(setting -> whole.addAll(List.of("--set", setting)));
        var log = directory.resolve("node.log");
        try {
            var process = new ProcessBuilder(whole).redirectError(log.toFile()).start();
            try {
                return new ChildNode(process, whereabouts(process, log));
            } catch (RuntimeException failed) {
                process.destroyForcibly();
                throw failed;
            }
        } catch (IOException failed) {
            throw new CommandFailed("cannot start a node: " + failed.getMessage(), failed);
        }
    }

    /** Reads the line that the node prints once it listens. */
    private static WireNode whereabouts(Process process, Path log) throws IOException {
        var out = process.inputReader(StandardCharsets.UTF_8);
        try {
            var line = CompletableFuture.supplyAsync(() -> line(out))
                    .orTimeout(LONGEST_START_S, TimeUnit.SECONDS)
                    .join();
            if (line != null) {
                var where = Json.MAPPER.readTree(line);
                return new WireNode(
                        URI.create(where.path("url").asText()),
                        where.path("grpc").asText(),
                        OptionalLong.of(process.pid()));
            }
        } catch (CompletionException | JsonProcessingException failed) {
            throw new CommandFailed("the node did not start: " + Files.readString(log), failed);
        }
        throw new CommandFailed("the node did not start: " + Files.readString(log));
    }

    private static @Nullable String line(BufferedReader out) {
        try {
            return out.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    WireNode node() {
        return node;
    }

    /** Stops it as a signal does, and ends it if that takes too long. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(LONGEST_STOP_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
