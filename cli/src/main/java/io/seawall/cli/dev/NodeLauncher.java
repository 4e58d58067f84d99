package io.seawall.cli.dev;

import io.seawall.cli.command.CommandFailed;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Starts nodes, in this process or as processes of their own, for {@code node} and {@code dev}. */
public interface NodeLauncher {
    /**
     * Checks that a node with these settings could start, as far as that can be seen without Kafka: its settings are right, its
     * ports are free, and its directory can be written. Another process may still take a port afterwards.
     *
     * @param assignments as for {@link #start}
     * @throws CommandFailed that names what is wrong and the fix
     */
    void check(List<String> assignments);

    /**
     * Starts a node; returns once it listens.
     *
     * @param configFile a properties file, or null for none; environment variables override it
     * @param assignments {@code key=value}, override both; of several for the same key the last one counts
     * @throws CommandFailed if the configuration is wrong or the node cannot start; then nothing is left running
     */
    RunningNode start(@Nullable Path configFile, List<String> assignments);

    /**
     * Starts a node as a process of its own and does not wait for it. It ends when this process ends, however that happens.
     *
     * @param id the node's id
     * @param directory where its log is written; created if it is missing
     * @param assignments as for {@link #start}
     * @throws CommandFailed if the process cannot be started
     */
    ChildNode spawn(String id, Path directory, List<String> assignments);

    /** A node in a process of its own. Thread-safe. */
    interface ChildNode extends AutoCloseable {
        /** Returns the node's id. */
        String id();

        /** Returns the id of its process. */
        long pid();

        /** Returns the file with what the process logs. */
        Path log();

        /**
         * Waits until the node listens.
         *
         * @throws CommandFailed if it ends before; the message ends with its log
         */
        void awaitReady() throws InterruptedException;

        /** Returns its address for a client on this machine; only after {@link #awaitReady}. */
        URI url();

        /** Returns where it serves gRPC, as host:port; empty if it does not; only after {@link #awaitReady}. */
        Optional<String> grpc();

        /** Completes with a sentence for people when its process ends. */
        CompletableFuture<String> ended();

        /** Stops it, within a bounded time, without handing its logs over. May be called more than once. */
        @Override
        void close();
    }

    /** A started node in this process. Thread-safe. */
    interface RunningNode extends AutoCloseable {
        /** Returns its address for a client on this machine. */
        URI url();

        /** Returns where it serves gRPC, as host:port; empty if it does not. */
        Optional<String> grpc();

        /** Returns what connects to its address as another node would, if that begins with {@code https}. */
        SSLContext tls();

        /** Blocks until the node has ended, by itself or by {@link #close}. */
        void awaitEnd() throws InterruptedException;

        /** Stops it, within a bounded time. May be called more than once. */
        @Override
        void close();
    }
}
