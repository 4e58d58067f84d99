package io.seawall.cli.dev;

import io.seawall.cli.command.CommandFailed;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** Starts a Kafka broker as a child process, for {@code dev}. */
public interface BrokerLauncher {
    /**
     * Starts a broker on existing data, if there is any; returns once it answers.
     *
     * @param dataDir the directory of its data; created if it is missing
     * @throws CommandFailed if it does not start; then nothing is left running
     */
    RunningBroker start(Path dataDir);

    /** A started broker. */
    interface RunningBroker extends AutoCloseable {
        /** Returns its address for Kafka's clients. */
        String bootstrapServers();

        /** Completes with a sentence for people if its process ends without being stopped; after a restart, with its next end. */
        CompletableFuture<String> ended();

        /**
         * Starts it again after it has ended, on the same data and port; returns once it answers.
         *
         * @throws CommandFailed if it does not start
         */
        void restart();

        /** Stops it cleanly, within a bounded time, and keeps its data. May be called more than once. */
        @Override
        void close();
    }
}
