package io.seawall.node.grpc;

import static io.seawall.node.grpc.GrpcFixture.ORDERS;
import static io.seawall.node.grpc.GrpcFixture.info;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Duration;
import com.google.rpc.ErrorInfo;
import io.grpc.StatusRuntimeException;
import io.seawall.api.v1.AssignRequest;
import io.seawall.api.v1.AssignmentServiceGrpc;
import io.seawall.api.v1.AssignmentStatus;
import io.seawall.api.v1.AssignmentTarget;
import io.seawall.api.v1.CollectStatusRequest;
import io.seawall.api.v1.CreateTopicRequest;
import io.seawall.api.v1.CreateTopicResponse;
import io.seawall.api.v1.DescribeRequest;
import io.seawall.api.v1.FlushRequest;
import io.seawall.api.v1.ListLogsRequest;
import io.seawall.api.v1.LogDescription;
import io.seawall.api.v1.RemoveRequest;
import io.seawall.api.v1.TrimRequest;
import io.seawall.node.ports.PChannelStatus;
import io.seawall.walkafka.admin.TopicSpec;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The methods of one question and one answer. */
@Timeout(60)
class LogCallsGrpcTest {
    private final GrpcFixture grpc = new GrpcFixture();

    @AfterEach
    void close() {
        grpc.close();
    }

    private AssignmentServiceGrpc.AssignmentServiceBlockingStub orders() {
        return AssignmentServiceGrpc.newBlockingStub(grpc.channel).withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    private static ErrorInfo error(ThrowingCallable call) {
        return info(catchThrowableOfType(StatusRuntimeException.class, call));
    }

    private static DescribeRequest describe(String pchannel, boolean confirm) {
        return DescribeRequest.newBuilder()
                .setPchannel(pchannel)
                .setConfirmTail(confirm)
                .build();
    }

    @Test
    void describesALog() {
        grpc.append(new byte[1]);
        grpc.node.owners.put(ORDERS, new PChannelStatus.Ownership(7, 0, "n1", "http://n1:7070", "n1:7071"));

        var log = grpc.logs().describe(describe("orders-0", false)).getLog();

        assertThat(log)
                .isEqualTo(LogDescription.newBuilder()
                        .setPchannel("orders-0")
                        .setState("available")
                        .setTerm(7)
                        .setEpoch(0)
                        .setOwner("n1")
                        .setOwnerUrl("http://n1:7070")
                        .setOwnerGrpc("n1:7071")
                        .setOldest(0)
                        .setTail(1)
                        .setFlushed(0)
                        .build());
        assertThat(grpc.logs().describe(describe("orders-0", true)).getLog().getTail())
                .isEqualTo(1);
        assertThat(error(() -> grpc.logs().describe(describe("nothing-0", false)))
                        .getReason())
                .isEqualTo("NOT_FOUND");
        assertThat(error(() -> grpc.logs().describe(describe("x y", false))).getReason())
                .isEqualTo("INVALID");
    }

    @Test
    void theTailIsConfirmedByTheOwnerAlone() {
        grpc.node.owners.put(ORDERS, new PChannelStatus.Ownership(8, 0, "n2", "http://n2:7070", "n2:7071"));

        var error = error(() -> grpc.logs().describe(describe("orders-0", true)));

        assertThat(error.getReason()).isEqualTo("NOT_OWNER");
        assertThat(error.getMetadataMap()).containsEntry("ownerGrpc", "n2:7071");
        assertThat(grpc.logs().describe(describe("orders-0", false)).getLog().getOwner())
                .isEqualTo("n2");
    }

    @Test
    void listsLogs() {
        grpc.node.create(TopicSpec.of("other", 1).withReplicationFactor(1));

        assertThat(grpc.logs().listLogs(ListLogsRequest.getDefaultInstance()).getLogsList())
                .extracting(LogDescription::getPchannel)
                .containsExactly("orders-0", "orders-1", "other-0");
        assertThat(grpc.logs()
                        .listLogs(ListLogsRequest.newBuilder().setTopic("other").build())
                        .getLogsList())
                .hasSize(1);
        assertThat(error(() -> grpc.logs()
                                .listLogs(ListLogsRequest.newBuilder()
                                        .setTopic("O")
                                        .build()))
                        .getReason())
                .isEqualTo("INVALID");
    }

    @Test
    void createsATopicOnce() {
        var topic = CreateTopicRequest.newBuilder()
                .setTopic("new")
                .setPchannels(2)
                .setReplicationFactor(1)
                .setCompression("zstd");

        assertThat(grpc.logs().createTopic(topic.build()))
                .isEqualTo(CreateTopicResponse.newBuilder()
                        .setOutcome(CreateTopicResponse.Outcome.OUTCOME_CREATED)
                        .setPchannels(2)
                        .setReplicationFactor(1)
                        .setCompression("zstd")
                        .build());
        assertThat(grpc.logs().createTopic(topic.build()).getOutcome())
                .isEqualTo(CreateTopicResponse.Outcome.OUTCOME_SAME);
        assertThat(grpc.logs().createTopic(topic.setPchannels(3).build()).getOutcome())
                .isEqualTo(CreateTopicResponse.Outcome.OUTCOME_GROWN);
        assertThat(error(() -> grpc.logs().createTopic(topic.setPchannels(1).build()))
                        .getReason())
                .isEqualTo("INVALID");
        assertThat(grpc.logs()
                        .createTopic(CreateTopicRequest.newBuilder()
                                .setTopic("usual")
                                .build())
                        .getPchannels())
                .isEqualTo(4);
    }

    @Test
    void topicsOutsideOfTheRulesAreRefused() {
        var topic = CreateTopicRequest.newBuilder().setTopic("new");

        assertThat(error(() -> grpc.logs()
                                .createTopic(topic.clone().setTopic("Ne w").build()))
                        .getReason())
                .isEqualTo("INVALID");
        assertThat(error(() -> grpc.logs()
                                .createTopic(topic.clone().setPchannels(0).build()))
                        .getReason())
                .isEqualTo("INVALID");
        assertThat(error(() -> grpc.logs()
                                .createTopic(
                                        topic.clone().setReplicationFactor(101).build()))
                        .getReason())
                .isEqualTo("INVALID");
        assertThat(error(() -> grpc.logs()
                                .createTopic(topic.clone().setCompression("rar").build()))
                        .getReason())
                .isEqualTo("INVALID");
    }

    @Test
    void trimsAndFlushes() {
        grpc.append(new byte[1]);
        grpc.append(new byte[1]);
        var trim = TrimRequest.newBuilder().setPchannel("orders-0");

        assertThat(grpc.logs().trim(trim.setBefore(1).build()).getOldest()).isEqualTo(1);
        assertThat(error(() -> grpc.logs().trim(trim.clone().setBefore(9).build()))
                        .getMetadataMap())
                .containsEntry("tail", "2")
                .containsEntry("oldest", "1");
        assertThat(error(() -> grpc.logs().trim(trim.clone().setBefore(-1).build()))
                        .getReason())
                .isEqualTo("INVALID");
        assertThat(grpc.logs()
                        .flush(FlushRequest.newBuilder().setPchannel("orders-0").build())
                        .getFlushed())
                .isEqualTo(2);
    }

    private static AssignRequest.Builder assign(long term) {
        return AssignRequest.newBuilder().setPchannel("orders-0").setTerm(term);
    }

    @Test
    void ordersConvergeOrNotYet() {
        assertThat(orders().assign(assign(8).build()).getConverged()).isTrue();
        assertThat(error(() -> orders().assign(assign(8).build())).getReason()).isEqualTo("IGNORED");

        grpc.node.assigning = new CompletableFuture<>();
        assertThat(orders().assign(
                                assign(9).setWait(Duration.getDefaultInstance()).build())
                        .getConverged())
                .isFalse();
        assertThat(orders().assign(assign(10)
                                .setWait(Duration.newBuilder().setNanos(1_000_000))
                                .build())
                        .getConverged())
                .isFalse();
        assertThat(grpc.node.assigning).as("the wait ends, not the order").isNotDone();

        grpc.node.assigning = CompletableFuture.completedFuture(null);
        assertThat(orders().remove(RemoveRequest.newBuilder()
                                .setPchannel("orders-0")
                                .setTerm(11)
                                .build())
                        .getConverged())
                .isTrue();
    }

    @Test
    void ordersOutsideOfTheRulesAreRefused() {
        assertThat(error(() -> orders().assign(assign(-1).build())).getReason()).isEqualTo("INVALID");
        assertThat(error(() -> orders().assign(assign(8).setPchannel("x").build()))
                        .getReason())
                .isEqualTo("INVALID");
        assertThat(error(() -> orders().assign(assign(8)
                                .setWait(Duration.newBuilder().setSeconds(61))
                                .build()))
                        .getReason())
                .isEqualTo("INVALID");
        assertThat(error(() -> orders().assign(assign(8)
                                .setWait(Duration.newBuilder().setSeconds(-1))
                                .build()))
                        .getReason())
                .isEqualTo("INVALID");
    }

    @Test
    void collectsWhatBecameOfTheOrders() {
        grpc.node.assigned.put(
                ORDERS,
                new PChannelStatus.Assigned(
                        new PChannelStatus.Target(8, true), new PChannelStatus.Target(7, true), 2, null));

        assertThat(orders().collectStatus(CollectStatusRequest.getDefaultInstance())
                        .getAssignmentsList())
                .singleElement()
                .isEqualTo(AssignmentStatus.newBuilder()
                        .setPchannel("orders-0")
                        .setExpected(AssignmentTarget.newBuilder().setTerm(8).setAvailable(true))
                        .setCurrent(AssignmentTarget.newBuilder().setTerm(7).setAvailable(true))
                        .setSince(com.google.protobuf.Timestamp.getDefaultInstance())
                        .build());
    }
}
