package io.seawall.cli.dev;

import io.seawall.cli.command.ChildNode;
import io.seawall.cli.command.CommandFailed;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Starts nodes, in this process or as processes of their own, for {@code node} and {@code dev}. */
public interface NodeLauncher extends ChildNode.Launcher {
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

    /** A started node in this process. Thread-safe. */
    interface RunningNode extends AutoCloseable {
        /** Returns its address for a client on this machine. */
        URI url();

        /** Returns where it serves gRPC, as host:port; empty if it does not. */
        Optional<String> grpc();

        /** Returns what connects to its address as another node would, if that begins with {@code https}. */
        SSLContext tls();

        /** Returns the token with which it may do everything; empty if it has none. */
        Optional<String> token();

        /** Blocks until the node has ended, by itself or by {@link #close}. */
        void awaitEnd() throws InterruptedException;

        /** Stops it, within a bounded time. May be called more than once. */
        @Override
        void close();
    }
}
