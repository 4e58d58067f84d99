package io.seawall.node.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.MetadataUtils;
import io.seawall.api.v1.AppendOpen;
import io.seawall.api.v1.AppendRequest;
import io.seawall.api.v1.AppendResponse;
import io.seawall.api.v1.AssignRequest;
import io.seawall.api.v1.AssignmentServiceGrpc;
import io.seawall.api.v1.CollectStatusRequest;
import io.seawall.api.v1.CreateTopicRequest;
import io.seawall.api.v1.DescribeRequest;
import io.seawall.api.v1.FlushRequest;
import io.seawall.api.v1.ListLogsRequest;
import io.seawall.api.v1.LogServiceGrpc;
import io.seawall.api.v1.ReadRequest;
import io.seawall.api.v1.ReadResponse;
import io.seawall.api.v1.RemoveRequest;
import io.seawall.api.v1.TrimRequest;
import io.seawall.kafkalocal.LocalAuthority.Issued;
import io.seawall.node.guard.AuditLines;
import io.seawall.node.guard.TestAccess;
import io.seawall.node.tls.TestCertificates;
import io.seawall.node.tls.TlsFolder;
import io.seawall.walkafka.admin.TopicSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who may do what over gRPC. */
@Timeout(60)
class AccessGrpcTest {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    @TempDir
    private Path folder;

    private final AuditLines log = new AuditLines();

    @SuppressWarnings("NullAway.Init") // set before each test
    private TestAccess access;

    @SuppressWarnings("NullAway.Init") // set before each test
    private GrpcFixture grpc;

    @BeforeEach
    void serve() {
        access = new TestAccess(folder);
        grpc = new GrpcFixture(access.guard, Optional.empty());
        grpc.node.create(TopicSpec.of("others", 1).withReplicationFactor(1));
    }

    @AfterEach
    void close() {
        grpc.close();
        log.close();
    }

    private static Channel with(Channel channel, String authorization) {
        var headers = new Metadata();
        headers.put(AUTHORIZATION, authorization);
        return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private Channel by(String name) {
        return with(grpc.channel, TestAccess.bearer(name));
    }

    private static LogServiceGrpc.LogServiceBlockingStub logs(Channel channel) {
        return LogServiceGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    private static void describe(Channel channel) {
        var unused = logs(channel)
                .describe(DescribeRequest.newBuilder().setPchannel("orders-0").build());
    }

    private static @Nullable StatusRuntimeException failure(Runnable call) {
        return catchThrowableOfType(StatusRuntimeException.class, call::run);
    }

    private static void assertRefused(@Nullable StatusRuntimeException thrown, Status.Code status, String code) {
        var failure = Objects.requireNonNull(thrown, "the call was not refused");
        assertThat(failure.getStatus().getCode()).as(failure.toString()).isEqualTo(status);
        var info = GrpcFixture.info(failure);
        assertThat(info.getReason()).isEqualTo(code);
        assertThat(info.getMetadataMap()).containsKeys("found", "expected");
        assertThat(failure.getStatus().getDescription()).contains("; ");
    }

    private static void assertUnknown(@Nullable StatusRuntimeException failure) {
        assertRefused(failure, Status.Code.UNAUTHENTICATED, "UNAUTHENTICATED");
    }

    /** Every method but the health and the reflection, with who may call it. */
    private static Map<Consumer<Channel>, Set<String>> calls() {
        var calls = new LinkedHashMap<Consumer<Channel>, Set<String>>();
        var log = "orders-0";
        calls.put(AccessGrpcTest::describe, Set.of("reader", "operator"));
        calls.put(
                channel -> logs(channel)
                        .trim(TrimRequest.newBuilder()
                                .setPchannel(log)
                                .setBefore(0)
                                .build()),
                Set.of("trimmer"));
        calls.put(
                channel -> logs(channel)
                        .flush(FlushRequest.newBuilder().setPchannel(log).build()),
                Set.of("operator"));
        calls.put(
                channel -> logs(channel)
                        .createTopic(CreateTopicRequest.newBuilder()
                                .setTopic("orders")
                                .setPchannels(2)
                                .build()),
                Set.of("operator"));
        calls.put(
                channel -> logs(channel)
                        .read(ReadRequest.newBuilder()
                                .setPchannel(log)
                                .setUntilTail(true)
                                .build())
                        .forEachRemaining(unused -> {}),
                Set.of("reader"));
        calls.put(AccessGrpcTest::append, Set.of("writer"));
        calls.put(
                channel -> AssignmentServiceGrpc.newBlockingStub(channel)
                        .assign(AssignRequest.newBuilder()
                                .setPchannel(log)
                                .setTerm(1)
                                .build()),
                Set.of("operator"));
        calls.put(
                channel -> AssignmentServiceGrpc.newBlockingStub(channel)
                        .remove(RemoveRequest.newBuilder()
                                .setPchannel(log)
                                .setTerm(0)
                                .build()),
                Set.of("operator"));
        calls.put(
                channel -> AssignmentServiceGrpc.newBlockingStub(channel)
                        .collectStatus(CollectStatusRequest.getDefaultInstance()),
                Set.of());
        return calls;
    }

    private static AppendRequest open() {
        return AppendRequest.newBuilder()
                .setOpen(AppendOpen.newBuilder().setPchannel("orders-0"))
                .build();
    }

    private static void append(Channel channel) {
        var call = new TestCall<>(channel, LogServiceGrpc.getAppendMethod());
        call.call.request(1);
        call.send(open())
                .send(AppendRequest.newBuilder()
                        .setBatch(GrpcFixture.batch("a"))
                        .build());
        call.call.halfClose();
        try {
            call.call.request(2);
            var end = call.end();
            if (end.getStatus().getCode() != Status.Code.OK) {
                throw end;
            }
        } catch (StatusRuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void eachCallNeedsItsRight() {
        calls().forEach((call, allowed) -> {
            for (var name : List.of("reader", "writer", "trimmer", "operator", "stranger")) {
                var failure = failure(() -> call.accept(by(name)));
                if (allowed.contains(name)) {
                    assertThat(
                                    failure == null
                                            ? Status.Code.OK
                                            : failure.getStatus().getCode())
                            .as("%s: %s", name, failure)
                            .isNotIn(Status.Code.UNAUTHENTICATED, Status.Code.PERMISSION_DENIED);
                } else {
                    assertRefused(failure, Status.Code.PERMISSION_DENIED, "FORBIDDEN");
                    assertThat(GrpcFixture.info(Objects.requireNonNull(failure)).getMetadataOrThrow("found"))
                            .contains("caller '" + name + "'");
                }
            }
        });
    }

    @Test
    void everyCallNeedsACaller() {
        calls().keySet().forEach(call -> assertUnknown(failure(() -> call.accept(grpc.channel))));
        calls().keySet().forEach(call -> assertUnknown(failure(() -> call.accept(by("nobody")))));
        assertThat(grpc.log().tail()).isZero();
    }

    @Test
    void healthIsOpen() {
        var answer = HealthGrpc.newBlockingStub(grpc.channel)
                .withDeadlineAfter(30, TimeUnit.SECONDS)
                .check(HealthCheckRequest.getDefaultInstance());

        assertThat(answer).isNotNull();
    }

    @Test
    void anotherAuthorizationIsRefused() {
        assertUnknown(failure(() -> describe(with(grpc.channel, "Basic YTpi"))));
        assertUnknown(failure(() -> describe(with(by("reader"), TestAccess.bearer("reader")))));
    }

    @Test
    void anExpiredTokenIsRefused() {
        access.setUntil(Duration.ofMinutes(1), "guest", "read:*").reload();
        describe(by("guest"));

        access.pass(Duration.ofMinutes(1));

        assertUnknown(failure(() -> describe(by("guest"))));
    }

    @Test
    void aRevokedTokenIsRefused() {
        describe(by("reader"));

        access.revoke("reader").reload();

        assertUnknown(failure(() -> describe(by("reader"))));
    }

    private List<String> listed(String name) {
        return logs(by(name)).listLogs(ListLogsRequest.getDefaultInstance()).getLogsList().stream()
                .map(log -> log.getPchannel())
                .toList();
    }

    @Test
    void listsShowWhatTheCallerMayRead() {
        assertThat(listed("root")).contains("orders-0", "orders-1", "others-0");
        assertThat(listed("reader")).contains("orders-0").doesNotContain("others-0");
        assertThat(listed("stranger")).contains("others-0").doesNotContain("orders-0");
        assertThat(listed("writer")).isEmpty();
    }

    @Test
    void beyondTwentyRefusalsOnlyKnownCallersOfTheAddressAreAnswered() {
        for (var at = 0; at < 20; at++) {
            assertUnknown(failure(() -> describe(by("nobody"))));
        }

        assertRefused(failure(() -> describe(by("nobody"))), Status.Code.RESOURCE_EXHAUSTED, "OVERLOADED");
        describe(by("reader"));

        access.pass(Duration.ofSeconds(1));
        assertUnknown(failure(() -> describe(by("nobody"))));
    }

    @Test
    void theAuditLogHasRefusalsAndWhatOperatorsChange() {
        describe(by("reader"));
        var unused = logs(by("trimmer"))
                .trim(TrimRequest.newBuilder().setPchannel("orders-0").build());
        assertThat(failure(() -> logs(by("reader"))
                        .trim(TrimRequest.newBuilder().setPchannel("orders-0").build())))
                .isNotNull();

        await().untilAsserted(() -> assertThat(log.audit())
                .containsExactly(
                        "INFO done caller=trimmer address=127.0.0.1 operation=call seawall.v1.LogService/Trim"
                                + " subject=orders result=OK",
                        "WARN refused caller=reader address=127.0.0.1 operation=call seawall.v1.LogService/Trim"
                                + " subject=orders result=forbidden"));
        assertThat(log.everything()).doesNotContain("seawall_reader", "seawall_trimmer");
    }

    private TestCall<ReadRequest, ReadResponse> follow(String name) throws Exception {
        var call = new TestCall<>(by(name), LogServiceGrpc.getReadMethod());
        call.send(ReadRequest.newBuilder().setPchannel("orders-0").build());
        call.call.halfClose();
        var unused = call.next(); // a first message, so that the call runs
        call.call.request(1_000); // or the status would wait behind messages that nobody takes
        return call;
    }

    private boolean nobodyReads() {
        return grpc.metrics.scrape().contains("seawall_grpc_readers 0.0");
    }

    @RepeatedTest(3)
    void aReadEndsWhenTheTokenIsRevoked() throws Exception {
        var call = follow("reader");

        access.revoke("reader").reload();

        assertUnknown(call.end());
        await("what the call held is given back").until(this::nobodyReads);
    }

    @Test
    void aReadEndsWhenTheTokenExpires() throws Exception {
        access.setUntil(Duration.ofMinutes(1), "guest", "read:*").reload();
        var call = follow("guest");

        access.pass(Duration.ofMinutes(1));

        assertUnknown(call.end());
        await().until(this::nobodyReads);
    }

    @Test
    void aReadEndsWhenTheRightIsTaken() throws Exception {
        var call = follow("reader");

        access.set("reader", "read:others").reload();

        assertRefused(call.end(), Status.Code.PERMISSION_DENIED, "FORBIDDEN");
    }

    private TestCall<AppendRequest, AppendResponse> appending(String name) throws Exception {
        var call = new TestCall<>(by(name), LogServiceGrpc.getAppendMethod());
        call.send(open());
        assertThat(call.next().hasOpened()).isTrue();
        return call;
    }

    @RepeatedTest(3)
    void anAppendEndsWhenTheTokenIsRevoked() throws Exception {
        var call = appending("writer");
        call.send(AppendRequest.newBuilder().setBatch(GrpcFixture.batch("a")).build());
        assertThat(call.next().hasAck()).isTrue();

        access.revoke("writer").reload();

        var end = call.end();
        assertUnknown(end);
        assertThat(GrpcFixture.info(end).getMetadataOrThrow("effect"))
                .as("batches without an answer may have been written")
                .isEqualTo("unknown");
        await().until(() -> grpc.metrics.scrape().contains("seawall_grpc_active 0.0"));
        assertThat(grpc.log().tail()).isEqualTo(1);
    }

    @Test
    void callsOfOthersGoOn() throws Exception {
        var call = appending("root");

        access.revoke("writer").revoke("reader").reload();

        call.send(AppendRequest.newBuilder().setBatch(GrpcFixture.batch("a")).build());
        assertThat(call.next().hasAck()).isTrue();
        assertThat(call.isOver()).isFalse();
    }

    @Test
    void aRefusedMessageReachesNoMethod() throws Exception {
        var call = new TestCall<>(by("reader"), LogServiceGrpc.getAppendMethod());

        call.send(open())
                .send(AppendRequest.newBuilder()
                        .setBatch(GrpcFixture.batch("a"))
                        .build());

        assertRefused(call.end(), Status.Code.PERMISSION_DENIED, "FORBIDDEN");
        assertThat(grpc.log().tail()).isZero();
        await().until(() -> grpc.metrics.scrape().contains("seawall_grpc_active 0.0"));
        assertThat(grpc.metrics.scrape()).contains("seawall_grpc_batches_bytes 0.0");
    }

    @Test
    void aCertificateWithAnEntryIsACallerAndOneWithoutIsNone() throws Exception {
        grpc.close();
        access.setSubject("client", "CN=client", "read:orders").reload();
        grpc = new GrpcFixture(
                access.guard, Optional.of(new TlsFolder(folder).loadMutual().server()));
        var client = secure(TestCertificates.CLIENT);
        var stranger = secure(TestCertificates.RENEWED);
        try {
            describe(client);
            assertRefused(
                    failure(() -> logs(client)
                            .trim(TrimRequest.newBuilder()
                                    .setPchannel("orders-0")
                                    .build())),
                    Status.Code.PERMISSION_DENIED,
                    "FORBIDDEN");
            assertUnknown(failure(() -> describe(stranger)));
            describe(with(stranger, TestAccess.bearer("reader")));
        } finally {
            client.shutdownNow();
            stranger.shutdownNow();
        }
    }

    private ManagedChannel secure(Issued shown) throws IOException {
        var credentials = TlsChannelCredentials.newBuilder()
                .trustManager(TestCertificates.OURS.certificate().toFile())
                .keyManager(shown.certificate().toFile(), shown.key().toFile())
                .build();
        return Grpc.newChannelBuilder("127.0.0.1:" + grpc.server.port(), credentials)
                .build();
    }
}
