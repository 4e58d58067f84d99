package io.seawall.cli.command;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A node in a process of its own. Thread-safe. */
public interface ChildNode extends AutoCloseable {
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

    /** Starts such nodes. */
    @FunctionalInterface
    interface Launcher {
        /**
         * Starts a node as a process of its own and does not wait for it. It ends when this process ends, however that happens.
         *
         * @param id the node's id
         * @param directory where its log is written; created if it is missing
         * @param assignments {@code key=value}, override environment variables; of several for the same key the last one counts
         * @throws CommandFailed if the process cannot be started
         */
        ChildNode spawn(String id, Path directory, List<String> assignments);
    }
}
