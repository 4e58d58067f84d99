package io.seawall.it.segments;

import io.seawall.it.kit.NodeProcess;
import io.seawall.it.kit.Standstill;
import io.seawall.it.s3.S3Server;
import io.seawall.it.s3.StoreFault;
import io.seawall.it.s3.StoreFaultProxy;
import io.seawall.it.s3.StoreFaultProxy.Request;
import io.seawall.it.segments.Gates.Point;
import io.seawall.wal.PChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** The store of the nodes under test, and what a test can do to it from outside. */
sealed interface StoreUnderTest extends AutoCloseable {
    /** The kinds of stores. */
    enum Kind {
        LOCAL,
        S3;

        private static Path folder(Path folder) {
            try {
                return Files.createDirectories(folder.resolve("segments"));
            } catch (IOException error) {
                throw new UncheckedIOException(error);
            }
        }

        StoreUnderTest start(Path folder, Gates gates) {
            return this == LOCAL ? new Local(folder(folder), gates) : new S3(S3Server.start(folder.resolve("s3")));
        }
    }

    /** Returns the settings of a node that uses it. */
    List<String> nodeSettings(String node);

    /** Returns the pchannel's files behind it. */
    SegmentFolder folder(PChannel pchannel);

    /** Makes the next put stop before the store has done anything that lasts. */
    Standstill holdPut(NodeProcess node, String id, PChannel pchannel);

    /** Makes the next put stop after the store has completed it and before it answers. */
    Standstill holdAnswer(NodeProcess node, String id, PChannel pchannel);

    @Override
    void close();

    /**
     * A folder.
     *
     * @param root the folder
     * @param gates the gates at the front of the nodes' class path
     */
    record Local(Path root, Gates gates) implements StoreUnderTest {
        @Override
        public List<String> nodeSettings(String node) {
            return List.of("segments.root=" + root);
        }

        @Override
        public SegmentFolder folder(PChannel pchannel) {
            return SegmentFolder.of(root, pchannel);
        }

        @Override
        public Standstill holdPut(NodeProcess node, String id, PChannel pchannel) {
            return gates.arm(Point.BEFORE_LINK, node);
        }

        @Override
        public Standstill holdAnswer(NodeProcess node, String id, PChannel pchannel) {
            return gates.arm(Point.AFTER_LINK, node);
        }

        @Override
        public void close() {}
    }

    /** S3Proxy, with a fault proxy in front of it for each node. */
    final class S3 implements StoreUnderTest {
        private static final String BUCKET = "torture";
        private static final String PREFIX = "deep/down";
        private static final Duration PATIENCE = Duration.ofSeconds(40);

        private final S3Server server;
        private final Path bucket;
        private final Map<String, StoreFaultProxy> proxies = new ConcurrentHashMap<>();

        S3(S3Server server) {
            this.server = server;
            this.bucket = server.bucket(BUCKET);
        }

        /** Returns the proxy between a node and the server. */
        StoreFaultProxy proxy(String node) {
            return proxies.computeIfAbsent(node, id -> StoreFaultProxy.before(server.endpoint()));
        }

        S3Server server() {
            return server;
        }

        /** Matches a put of a segment of a pchannel. */
        static Predicate<Request> putOf(PChannel pchannel) {
            var folder = "/" + pchannel.topic() + "/" + pchannel.partition() + "/";
            return request -> request.method().equals("PUT") && request.target().contains(folder);
        }

        @Override
        public List<String> nodeSettings(String node) {
            return S3Server.nodeSettings(proxy(node).endpoint(), "s3://" + BUCKET + "/" + PREFIX);
        }

        @Override
        public SegmentFolder folder(PChannel pchannel) {
            return SegmentFolder.of(bucket.resolve(PREFIX), pchannel);
        }

        @Override
        public Standstill holdPut(NodeProcess node, String id, PChannel pchannel) {
            return held(id, pchannel, StoreFault.hold());
        }

        @Override
        public Standstill holdAnswer(NodeProcess node, String id, PChannel pchannel) {
            return held(id, pchannel, StoreFault.holdAnswer());
        }

        private Standstill held(String id, PChannel pchannel, StoreFault.Hold hold) {
            proxy(id).strike(hold, 1, putOf(pchannel));
            return new Standstill() {
                @Override
                public void awaitStruck() {
                    try {
                        if (!hold.awaitReached(PATIENCE)) {
                            throw new AssertionError("no put of " + pchannel + " came to the store");
                        }
                    } catch (InterruptedException interrupted) {
                        Thread.currentThread().interrupt();
                        throw new IllegalStateException(interrupted);
                    }
                }

                @Override
                public void release() {
                    hold.release();
                }
            };
        }

        @Override
        public void close() {
            var all = new ArrayList<>(proxies.values());
            all.forEach(StoreFaultProxy::close);
            server.close();
        }
    }
}
