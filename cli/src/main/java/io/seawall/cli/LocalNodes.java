package io.seawall.cli;

import io.seawall.cli.command.ChildNode;
import io.seawall.cli.command.CommandFailed;
import io.seawall.cli.dev.NodeLauncher;
import io.seawall.node.Node;
import io.seawall.node.config.NodeConfig;
import io.seawall.node.host.StartChecks;
import io.seawall.wal.WalException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Starts nodes, configured by the environment of this process. */
final class LocalNodes implements NodeLauncher {
    @Override
    public void check(List<String> assignments) {
        try {
            StartChecks.check(config(null, assignments));
        } catch (WalException wrong) {
            throw new CommandFailed(String.valueOf(wrong.getMessage()));
        }
    }

    @Override
    public RunningNode start(@Nullable Path configFile, List<String> assignments) {
        try {
            var config = config(configFile, assignments);
            StartChecks.check(config); // before Kafka is asked, which may take long
            return new Started(Node.start(config));
        } catch (WalException wrong) {
            throw new CommandFailed(String.valueOf(wrong.getMessage()));
        }
    }

    private static NodeConfig config(@Nullable Path file, List<String> assignments) {
        return NodeConfig.load(file, System.getenv(), assignments);
    }

    @Override
    public ChildNode spawn(String id, Path directory, List<String> assignments) {
        return NodeProcess.start(id, directory, assignments);
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
        public SSLContext tls() {
            return node.toNodes();
        }

        @Override
        public Optional<String> token() {
            return node.tokenToNodes();
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
