package io.seawall.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.seawall.cli.command.ChildNode;
import io.seawall.cli.command.CommandFailed;
import io.seawall.cli.command.Json;
import io.seawall.cli.command.SelfCommand;
import io.seawall.wal.FutureErrors;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A node in a process of its own. It has a pipe from this process as its standard input and ends when that ends, so it does not
 * outlive this process.
 */
final class NodeProcess implements ChildNode {
    private static final int SHOWN_LINES = 20;
    private static final int STOP_SECONDS = 15;

    private final String id;
    private final Path log;
    private final Process process;
    private volatile @Nullable JsonNode whereabouts; // written by awaitReady, read by any thread

    private NodeProcess(String id, Path log, Process process) {
        this.id = id;
        this.log = log;
        this.process = process;
    }

    /** Starts a process; see {@link ChildNode.Launcher#spawn}. */
    static NodeProcess start(String id, Path directory, List<String> assignments) {
        var log = directory.resolve("node.log");
        try {
            Files.createDirectories(directory);
            var process = new ProcessBuilder(command(assignments))
                    .redirectError(ProcessBuilder.Redirect.to(log.toFile()))
                    .start();
            return new NodeProcess(id, log, process);
        } catch (IOException failed) {
            throw new CommandFailed(
                    "cannot start the node " + id + ", with its log in " + log + ": " + FutureErrors.text(failed),
                    failed);
        }
    }

    private static List<String> command(List<String> assignments) {
        var words = new ArrayList<>(new SelfCommand(Seawall.class).with());
        words.addAll(List.of("node", "--json", "--until-input-ends"));
        assignments.forEach(assignment -> words.addAll(List.of("--set", assignment)));
        return words;
    }

    @Override
    public void awaitReady() throws InterruptedException {
        try {
            var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            var line = lines.readLine();
            if (line == null) {
                process.waitFor();
                throw new CommandFailed(
                        sentence(process.exitValue()) + " while it started; the end of its log:\n" + end());
            }
            whereabouts = Json.MAPPER.readTree(line);
        } catch (IOException failed) {
            throw new CommandFailed(
                    "cannot read where the node " + id + " listens: " + FutureErrors.text(failed), failed);
        }
    }

    private String sentence(int status) {
        return "the node " + id + " (process " + pid() + ") ended with status " + status;
    }

    private String end() throws IOException {
        try (var lines = Files.lines(log, StandardCharsets.UTF_8)) {
            var all = lines.toList();
            return String.join("\n", all.subList(Math.max(0, all.size() - SHOWN_LINES), all.size()));
        }
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public Path log() {
        return log;
    }

    @Override
    public URI url() {
        return URI.create(Json.text(whereabouts(), "url"));
    }

    @Override
    public Optional<String> grpc() {
        return Optional.ofNullable(whereabouts().get("grpc")).map(JsonNode::asText);
    }

    private JsonNode whereabouts() {
        var known = whereabouts;
        if (known == null) {
            throw new IllegalStateException("the node " + id + " is not ready yet");
        }
        return known;
    }

    @Override
    public CompletableFuture<String> ended() {
        return process.onExit().thenApply(ended -> sentence(ended.exitValue()) + "; see the end of " + log);
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close(); // it stops when its standard input ends
        } catch (IOException gone) {
            // It has ended already.
        }
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException hurried) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
