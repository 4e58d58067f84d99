package io.seawall.node.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.Channel;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.seawall.api.v1.DescribeRequest;
import io.seawall.api.v1.Edge;
import io.seawall.api.v1.LogServiceGrpc;
import io.seawall.api.v1.ReadRequest;
import io.seawall.api.v1.ReadResponse;
import io.seawall.kafkalocal.LocalAuthority;
import io.seawall.kafkalocal.LocalAuthority.Issued;
import io.seawall.node.tls.NodeTls;
import io.seawall.node.tls.TestCertificates;
import io.seawall.node.tls.TlsFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** gRPC over TLS, on real sockets. */
@Timeout(120)
class TlsGrpcTest {
    @TempDir
    private Path folder;

    private final List<ManagedChannel> channels = new ArrayList<>();
    private TlsFolder files;

    @SuppressWarnings("NullAway.Init") // each test begins with one of the methods that set it
    private NodeTls tls;

    @SuppressWarnings("NullAway.Init") // each test begins with one of the methods that set it
    private GrpcFixture grpc;

    @BeforeEach
    void create() {
        files = new TlsFolder(folder);
    }

    @AfterEach
    void close() {
        channels.forEach(ManagedChannel::shutdownNow);
        grpc.close();
    }

    private void serve() {
        tls = files.load();
        grpc = new GrpcFixture(tls.server());
    }

    private void serveMutual() {
        tls = files.loadMutual();
        grpc = new GrpcFixture(tls.server());
    }

    private ManagedChannel channel(LocalAuthority trusted, @Nullable Issued shown) throws IOException {
        var channel = newChannel(trusted, shown);
        channels.add(channel);
        return channel;
    }

    private ManagedChannel newChannel(LocalAuthority trusted, @Nullable Issued shown) throws IOException {
        var credentials = TlsChannelCredentials.newBuilder()
                .trustManager(trusted.certificate().toFile());
        if (shown != null) {
            credentials.keyManager(shown.certificate().toFile(), shown.key().toFile());
        }
        return Grpc.newChannelBuilder("127.0.0.1:" + grpc.server.port(), credentials.build())
                .build();
    }

    private ManagedChannel channel() throws IOException {
        return channel(TestCertificates.OURS, null);
    }

    private static String describe(Channel channel) {
        return LogServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(30, TimeUnit.SECONDS)
                .describe(DescribeRequest.newBuilder().setPchannel("orders-0").build())
                .getLog()
                .getPchannel();
    }

    private static TestCall<ReadRequest, ReadResponse> follow(Channel channel) {
        var call = new TestCall<>(channel, LogServiceGrpc.getReadMethod());
        call.send(ReadRequest.newBuilder()
                        .setPchannel("orders-0")
                        .setEdge(Edge.EDGE_OLDEST)
                        .build())
                .call
                .halfClose();
        return call;
    }

    /** Returns the value of the next record of a call, skipping signs of life. */
    private static String nextValue(TestCall<ReadRequest, ReadResponse> call) throws Exception {
        var message = call.next();
        while (message.getRecordsCount() == 0) {
            message = call.next();
        }
        return message.getRecords(0).getValue().toStringUtf8();
    }

    private static String shownOn(TestCall<?, ?> call) throws Exception {
        var session = call.call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        return ((X509Certificate) session.getPeerCertificates()[0])
                .getSubjectX500Principal()
                .getName();
    }

    private static void unavailable(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        refused -> assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
    }

    private void append(String value) {
        grpc.append(value.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void servesTls() throws IOException {
        serve();

        assertThat(describe(channel())).isEqualTo("orders-0");
    }

    @Test
    void plainTextIsRefused() {
        serve();

        unavailable(() -> describe(grpc.channel));
    }

    @Test
    void aClientThatTrustsOthersRefusesTheNode() {
        serve();

        unavailable(() -> describe(channel(TestCertificates.THEIRS, null)));
    }

    @Test
    void aClientWithACertificateIsServed() throws IOException {
        serveMutual();

        assertThat(describe(channel(TestCertificates.OURS, TestCertificates.CLIENT)))
                .isEqualTo("orders-0");
    }

    @Test
    void clientsWithoutAGoodCertificateAreRefused() {
        serveMutual();

        unavailable(() -> describe(channel()));
        unavailable(() -> describe(channel(TestCertificates.OURS, TestCertificates.STRANGER)));
        unavailable(() -> describe(channel(TestCertificates.OURS, TestCertificates.EXPIRED)));
        assertThat(grpc.metrics.scrape()).doesNotContain("seawall_grpc_calls_total");
    }

    @Test
    void anotherCaOfClientsHoldsFromTheNextHandshakeOn() throws IOException {
        serveMutual();
        files.trust(TestCertificates.THEIRS);

        tls.check();

        assertThat(describe(channel(TestCertificates.OURS, TestCertificates.STRANGER)))
                .isEqualTo("orders-0");
        unavailable(() -> describe(channel(TestCertificates.OURS, TestCertificates.CLIENT)));
    }

    @Test
    void aLongStreamLivesThroughRenewedCertificatesAndNewCallsShowThem() throws Exception {
        serve();
        var stream = follow(channel());
        append("before");
        assertThat(nextValue(stream)).isEqualTo("before");
        assertThat(shownOn(stream)).isEqualTo("CN=node");

        for (var round = 0; round < 10; round++) {
            files.use(round % 2 == 0 ? TestCertificates.RENEWED : TestCertificates.NODE);
            tls.check();
            append("round " + round);
            assertThat(nextValue(stream)).isEqualTo("round " + round);
            assertThat(describe(channel())).isEqualTo("orders-0");
        }
        files.use(TestCertificates.RENEWED);
        tls.check();

        var later = follow(channel());
        assertThat(nextValue(later)).isEqualTo("before");
        assertThat(shownOn(later)).isEqualTo("CN=renewed");
        assertThat(stream.isOver()).isFalse();
    }

    /** Calls on a kept connection and on new ones, while the certificate is replaced twenty times. */
    @Test
    void noCallFailsWhileCertificatesAreReplaced() throws Exception {
        serve();
        append("value");
        var answered = new AtomicInteger();
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        var clients = Executors.newFixedThreadPool(3);
        try {
            var kept = channel();
            clients.execute(() -> untilStopped(clients, answered, failures, () -> describe(kept)));
            clients.execute(() -> untilStopped(clients, answered, failures, this::describeOnce));
            clients.execute(() -> untilStopped(clients, answered, failures, this::describeOnce));

            for (var round = 0; round < 20; round++) {
                files.use(round % 2 == 0 ? TestCertificates.RENEWED : TestCertificates.NODE);
                tls.check();
                var before = answered.get();
                await().until(() -> answered.get() >= before + 10 || !failures.isEmpty());
                var call = follow(channel());
                assertThat(nextValue(call)).isEqualTo("value");
                assertThat(shownOn(call)).isEqualTo(round % 2 == 0 ? "CN=renewed" : "CN=node");
            }
        } finally {
            clients.shutdown();
            assertThat(clients.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(failures).isEmpty();
    }

    private String describeOnce() throws IOException {
        var channel = newChannel(TestCertificates.OURS, null);
        try {
            return describe(channel);
        } finally {
            channel.shutdownNow();
        }
    }

    private static void untilStopped(
            ExecutorService clients, AtomicInteger answered, Queue<Throwable> failures, Callable<String> call) {
        try {
            while (!clients.isShutdown()) {
                assertThat(call.call()).isEqualTo("orders-0");
                answered.incrementAndGet();
            }
        } catch (Exception | AssertionError e) {
            failures.add(e);
        }
    }

    @Test
    void aBrokenCertificateIsNotShown() throws Exception {
        serve();
        append("value");
        Files.writeString(files.certificate, "no certificate");

        tls.check();
        tls.check();

        var call = follow(channel());
        assertThat(nextValue(call)).isEqualTo("value");
        assertThat(shownOn(call)).isEqualTo("CN=node");
    }
}
