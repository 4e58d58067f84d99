package io.seawall.node.grpc;

import static io.seawall.node.grpc.GrpcFixture.batch;
import static io.seawall.node.grpc.GrpcFixture.info;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.stub.MetadataUtils;
import io.seawall.api.v1.AppendBatch;
import io.seawall.api.v1.AppendOpen;
import io.seawall.api.v1.AppendRequest;
import io.seawall.api.v1.AppendResponse;
import io.seawall.api.v1.DescribeRequest;
import io.seawall.api.v1.ListLogsRequest;
import io.seawall.api.v1.LogServiceGrpc;
import io.seawall.api.v1.WalRecord;
import io.seawall.node.grpc.call.GrpcLimits;
import io.seawall.wal.RequestException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The limits of the server, and the services that come with it. */
@Timeout(60)
class LimitsGrpcTest {
    private final GrpcFixture grpc = new GrpcFixture(GrpcFixture.settings(4, 4), Optional.empty());

    @AfterEach
    void close() {
        grpc.close();
    }

    private TestCall<AppendRequest, AppendResponse> opened() throws Exception {
        var call = new TestCall<>(grpc.channel, LogServiceGrpc.getAppendMethod());
        call.send(open());
        assertThat(call.next().hasOpened()).isTrue();
        return call;
    }

    @Test
    void aRecordThatIsTooLargeIsRefusedAndTheCallGoesOn() throws Exception {
        var call = opened();
        call.send(AppendRequest.newBuilder()
                .setBatch(GrpcFixture.batchOf(GrpcFixture.RECORD_MAX_BYTES + 1))
                .build());

        var problem = call.next().getProblem();
        assertThat(problem.getCode()).isEqualTo("TOO_LARGE");
        assertThat(problem.getNumbersMap()).containsEntry("limit", (long) GrpcFixture.RECORD_MAX_BYTES);

        call.send(AppendRequest.newBuilder().setBatch(batch("a")).build());
        assertThat(call.next().hasAck()).isTrue();
    }

    @Test
    void aMessageThatIsTooLargeEndsTheCall() throws Exception {
        var call = opened();
        var batch = AppendBatch.newBuilder();
        for (var at = 0; at < 34; at++) {
            batch.addRecords(WalRecord.newBuilder().setValue(ByteString.copyFrom(new byte[1_000_000])));
        }
        call.send(AppendRequest.newBuilder().setBatch(batch).build());

        var end = info(call.end());
        assertThat(end.getReason()).isEqualTo("TOO_LARGE");
        assertThat(end.getMetadataMap()).containsEntry("limit", Integer.toString(GrpcLimits.MESSAGE_BYTES));
        assertThat(grpc.log().tail()).isZero();
    }

    @Test
    void aLargeMessageOfAnotherMethodIsRefusedBeforeItIsHere() {
        var error = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> grpc.logs()
                        .describe(DescribeRequest.newBuilder()
                                .setPchannel("o".repeat(5_000_000))
                                .build()));

        assertThat(info(error).getReason()).isEqualTo("TOO_LARGE");
        assertThat(info(error).getMetadataMap()).containsEntry("limit", "65536");
        await().until(() -> grpc.metrics.scrape().contains("seawall_grpc_batches_bytes 0.0"));
    }

    @Test
    void callsBeyondTheBoundAreRefused() throws Exception {
        var calls = new ArrayList<TestCall<AppendRequest, AppendResponse>>();
        for (var at = 0; at < 4; at++) {
            calls.add(opened());
        }

        var error = catchThrowableOfType(
                StatusRuntimeException.class, () -> grpc.logs().listLogs(ListLogsRequest.getDefaultInstance()));
        assertThat(info(error).getReason()).isEqualTo("OVERLOADED");
        assertThat(grpc.metrics.scrape()).contains("seawall_grpc_limited_total{limit=\"calls\"} 1.0");

        calls.get(0).call.cancel("of the test", null);
        await().until(() -> grpc.metrics.scrape().contains("seawall_grpc_active 3.0"));
        assertThat(grpc.logs().listLogs(ListLogsRequest.getDefaultInstance()).getLogsCount())
                .isEqualTo(2);
    }

    @Test
    void aCallWhoseFirstMessageDoesNotComeIsEndedAndAnIdleOneIsNot() throws Exception {
        var idle = opened();
        var silent = new TestCall<>(grpc.channel, LogServiceGrpc.getAppendMethod());
        await().until(() -> grpc.metrics.scrape().contains("seawall_grpc_active 2.0"));

        grpc.forward(GrpcFixture.GRACE.plusSeconds(1));

        var slow = info(silent.end());
        assertThat(slow.getReason()).as("a network that stalls passes").isEqualTo("UNAVAILABLE");
        assertThat(slow.getMetadataMap()).containsEntry("effect", "unknown");
        assertThat(grpc.metrics.scrape()).contains("seawall_grpc_limited_total{limit=\"slow\"} 1.0");
        assertThat(idle.send(AppendRequest.newBuilder().setBatch(batch("a")).build())
                        .next()
                        .hasAck())
                .isTrue();
    }

    /** Kafka is away and the node is full of batches: a client that comes then has sent what it may, and can do nothing about it. */
    @Test
    void aCallThatFindsTheNodeFullIsOverloadedAndNotSlow() throws Exception {
        var settings = GrpcFixture.settings(4, 4);
        var small = new GrpcSettings(
                settings.host(),
                0,
                settings.sizes(),
                settings.calls(),
                settings.connections(),
                settings.readers(),
                2 * GrpcLimits.RESERVE_BYTES);
        try (var full = new GrpcFixture(small, Optional.empty())) {
            full.log().acknowledge = new CompletableFuture<>();
            var first = new TestCall<>(full.channel, LogServiceGrpc.getAppendMethod());
            first.send(open());
            assertThat(first.next().hasOpened()).isTrue();
            first.send(AppendRequest.newBuilder()
                    .setBatch(GrpcFixture.batchOf(GrpcLimits.RESERVE_BYTES))
                    .build());
            await().until(() -> full.log().tail() == 1);
            var second = new TestCall<>(full.channel, LogServiceGrpc.getAppendMethod());
            second.send(open());
            await().until(() -> full.metrics.scrape().contains("seawall_grpc_active 2.0"));

            full.forward(GrpcFixture.GRACE.plusSeconds(1));

            assertThat(info(second.end()).getReason()).isEqualTo("OVERLOADED");
            assertThat(first.isOver()).isFalse();
            assertThat(full.metrics.scrape()).doesNotContain("limit=\"slow\"");
        }
    }

    private static AppendRequest open() {
        return AppendRequest.newBuilder()
                .setOpen(AppendOpen.newBuilder().setPchannel("orders-0"))
                .build();
    }

    @Test
    void connectionsBeyondTheBoundAreClosed() throws Exception {
        var sockets = new ArrayList<Socket>();
        try {
            assertServed();
            for (var at = 1; at < GrpcFixture.CONNECTIONS.most(); at++) {
                sockets.add(connect(1 + at % 2));
            }
            await().until(() -> grpc.metrics.scrape().contains("seawall_grpc_connections 64.0"));

            try (var beyond = connect(3)) {
                assertThat(isClosed(beyond)).isTrue();
            }
            assertServed();
            assertThat(grpc.metrics.scrape()).contains("seawall_grpc_limited_total{limit=\"connections\"} 1.0");
            sockets.remove(0).close();
            await().until(() -> grpc.metrics.scrape().contains("seawall_grpc_connections 63.0"));
        } finally {
            for (var socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void anAddressHasABoundOfItsOwn() throws Exception {
        var sockets = new ArrayList<Socket>();
        try {
            assertServed(); // over a connection from 127.0.0.1
            for (var at = 0; at < GrpcFixture.CONNECTIONS.perAddress(); at++) {
                sockets.add(connect(2));
            }
            await().until(() -> grpc.metrics.scrape().contains("seawall_grpc_connections 41.0"));

            try (var beyond = connect(2)) {
                assertThat(isClosed(beyond)).isTrue();
            }
            assertThat(grpc.metrics.scrape()).contains("seawall_grpc_limited_total{limit=\"address\"} 1.0");
            assertServed();
            sockets.remove(0).close();
            await().until(() -> grpc.metrics.scrape().contains("seawall_grpc_connections 40.0"));
            sockets.add(connect(2));
            await().until(() -> grpc.metrics.scrape().contains("seawall_grpc_connections 41.0"));
        } finally {
            for (var socket : sockets) {
                socket.close();
            }
        }
    }

    private void assertServed() {
        assertThat(grpc.logs().listLogs(ListLogsRequest.getDefaultInstance()).getLogsCount())
                .isEqualTo(2);
    }

    /** Connects from 127.0.0.{@code last}. */
    private Socket connect(int last) throws IOException {
        var from = InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
        var socket = new Socket(InetAddress.getLoopbackAddress(), grpc.server.port(), from, 0);
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static boolean isClosed(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    @Test
    void headersHaveABound() {
        var headers = new Metadata();
        headers.put(Metadata.Key.of("long", Metadata.ASCII_STRING_MARSHALLER), "x".repeat(GrpcLimits.HEADER_BYTES));

        assertThatThrownBy(() -> grpc.logs()
                        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                        .listLogs(ListLogsRequest.getDefaultInstance()))
                .isInstanceOf(StatusRuntimeException.class);
        assertThat(grpc.logs().listLogs(ListLogsRequest.getDefaultInstance()).getLogsCount())
                .isEqualTo(2);
    }

    @Test
    void compressedMessagesAreRefused() {
        assertThatThrownBy(() -> grpc.logs().withCompression("gzip").listLogs(ListLogsRequest.getDefaultInstance()))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        error -> assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED));
    }

    @Test
    void healthFollowsReadiness() {
        var health = HealthGrpc.newBlockingStub(grpc.channel).withDeadlineAfter(30, TimeUnit.SECONDS);
        await().until(() ->
                health.check(HealthCheckRequest.getDefaultInstance()).getStatus() == ServingStatus.SERVING);

        grpc.node.kafka = false;

        await().atMost(Duration.ofSeconds(10))
                .until(() -> health.check(HealthCheckRequest.newBuilder()
                                        .setService("seawall.v1.LogService")
                                        .build())
                                .getStatus()
                        == ServingStatus.NOT_SERVING);
    }

    @Test
    void reflectionShowsTheServices() throws Exception {
        var call = new TestCall<>(grpc.channel, ServerReflectionGrpc.getServerReflectionInfoMethod());
        call.send(ServerReflectionRequest.newBuilder().setListServices("").build());

        assertThat(call.next().getListServicesResponse().getServiceList())
                .extracting(service -> service.getName())
                .contains("seawall.v1.LogService", "seawall.v1.AssignmentService", "grpc.health.v1.Health");

        call.send(ServerReflectionRequest.newBuilder()
                .setFileContainingSymbol("seawall.v1.LogService")
                .build());
        assertThat(call.next().getFileDescriptorResponse().getFileDescriptorProtoCount())
                .isPositive();
    }

    @Test
    void aPortThatIsTakenIsNamed() {
        var taken = new GrpcSettings(
                "127.0.0.1",
                grpc.server.port(),
                GrpcFixture.settings(4, 4).sizes(),
                GrpcFixture.settings(4, 4).calls(),
                GrpcFixture.settings(4, 4).connections(),
                4,
                64 << 20);

        assertThatThrownBy(() -> new GrpcFixture(taken, Optional.empty()))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining(":" + grpc.server.port())
                .hasMessageContaining("grpc.port");
    }

    @Test
    void bytesThatAreNoHttp2AreClosed() throws Exception {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), grpc.server.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().readAllBytes();
        }
        assertThat(grpc.logs().listLogs(ListLogsRequest.getDefaultInstance()).getLogsCount())
                .isEqualTo(2);
    }
}
