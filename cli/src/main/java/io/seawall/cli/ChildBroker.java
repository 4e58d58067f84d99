package io.seawall.cli;

import io.seawall.cli.command.CommandFailed;
import io.seawall.cli.dev.BrokerLauncher;
import io.seawall.kafkalocal.LocalKafka;
import io.seawall.kafkalocal.LocalKafkaException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** Starts a broker with kafka-local, from the jars that the launcher script names. */
final class ChildBroker implements BrokerLauncher {
    @Override
    public RunningBroker start(Path dataDir) {
        try {
            return new Started(LocalKafka.builder()
                    .brokers(1)
                    .dataDir(dataDir)
                    .keepData(true)
                    .start());
        } catch (LocalKafkaException failed) {
            throw new CommandFailed(String.valueOf(failed.getMessage()));
        }
    }

    private record Started(LocalKafka kafka) implements RunningBroker {
        @Override
        public String bootstrapServers() {
            return kafka.bootstrapServers();
        }

        @Override
        public CompletableFuture<String> ended() {
            return kafka.ended();
        }

        @Override
        public void restart() {
            try {
                kafka.restartEnded();
            } catch (LocalKafkaException | IllegalStateException failed) { // the latter: it is being closed
                throw new CommandFailed(String.valueOf(failed.getMessage()));
            }
        }

        @Override
        public void close() {
            kafka.close();
        }
    }
}
