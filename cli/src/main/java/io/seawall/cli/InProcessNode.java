package io.seawall.cli;

import io.seawall.cli.command.CommandFailed;
import io.seawall.cli.dev.NodeLauncher;
import io.seawall.node.Node;
import io.seawall.node.config.NodeConfig;
import io.seawall.wal.WalException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Starts a node in this process, configured by the environment of this process. */
final class InProcessNode implements NodeLauncher {
    @Override
    public RunningNode start(@Nullable Path configFile, List<String> assignments) {
        try {
            return new Started(Node.start(NodeConfig.load(configFile, System.getenv(), assignments)));
        } catch (WalException wrong) {
            throw new CommandFailed(String.valueOf(wrong.getMessage()));
        }
    }

    private static final class Started implements RunningNode {
        private final Node node;
        private final CountDownLatch ended = new CountDownLatch(1);

        Started(Node node) {
            this.node = node;
        }

        @Override
        public URI url() {
            return URI.create(node.url());
        }

        @Override
        public Optional<String> grpc() {
            return node.grpc();
        }

        @Override
        public void awaitEnd() throws InterruptedException {
            ended.await();
        }

        @Override
        public void close() {
            node.close();
            ended.countDown();
        }
    }
}
