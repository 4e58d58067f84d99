package io.seawall.cli;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** Starts a Kafka broker as a child process: what {@code dev} needs of kafka-local. */
interface BrokerLauncher {
    /**
     * Starts a broker on the data that is there, if any; returns once it answers.
     *
     * @param dataDir where its data is kept; made if it is missing
     * @throws CommandFailed if it does not start; nothing is left running then
     */
    RunningBroker start(Path dataDir);

    /** A broker that was started. */
    interface RunningBroker extends AutoCloseable {
        /** Its address as Kafka's clients take it. */
        String bootstrapServers();

        /** Completes with a sentence for people if its process ends although nothing here told it to. */
        CompletableFuture<String> ended();

        /** Stops it cleanly, within a bounded time, and keeps its data; a second call does nothing. */
        @Override
        void close();
    }
}
