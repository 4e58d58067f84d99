package io.seawall.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Starts a node in this process: what {@code node} and {@code dev} need of the service. */
interface NodeLauncher {
    /**
     * Starts a node; returns once it listens.
     *
     * @param configFile a properties file, or null for none; the environment goes over it
     * @param assignments {@code key=value}, over both; the last of a key wins
     * @throws CommandFailed if the configuration is wrong or the node cannot start; nothing is left running then
     */
    RunningNode start(@Nullable Path configFile, List<String> assignments);

    /** A node that was started. Any thread may call. */
    interface RunningNode extends AutoCloseable {
        /** Where it answers, as a client on this machine uses it. */
        URI url();

        /** Blocks until the node has ended, by itself or by {@link #close}. */
        void awaitEnd() throws InterruptedException;

        /** Stops it, within a bounded time; a second call does nothing. */
        @Override
        void close();
    }
}
