package io.seawall.node.grpc;

import static io.seawall.node.grpc.GrpcFixture.ORDERS;
import static io.seawall.node.grpc.GrpcFixture.info;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.grpc.StatusRuntimeException;
import io.seawall.api.v1.AppendOpen;
import io.seawall.api.v1.AppendRequest;
import io.seawall.api.v1.AppendResponse;
import io.seawall.api.v1.FlushRequest;
import io.seawall.api.v1.LogServiceGrpc;
import io.seawall.api.v1.TrimRequest;
import io.seawall.node.http.FakeOwners;
import io.seawall.node.ports.Owners.Kind;
import io.seawall.node.ports.Owners.Owner;
import io.seawall.node.ports.PChannelStatus;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls that need the owner of a log, while it changes. */
@Timeout(60)
class MovingLogGrpcTest {
    private static final Owner ELSEWHERE =
            new Owner(Kind.ELSEWHERE, "http://n2:7070", "the log open on node n2", "n2", "n2:7071");

    private final FakeOwners owners = new FakeOwners(FakeOwners.unsettled(""));
    private final GrpcFixture grpc = new GrpcFixture(owners);

    MovingLogGrpcTest() {
        grpc.node.owners.put(ORDERS, new PChannelStatus.Ownership(8, 0, "n2", "http://n2:7070"));
    }

    @AfterEach
    void close() {
        grpc.close();
    }

    private TestCall<AppendRequest, AppendResponse> open() {
        var call = new TestCall<>(grpc.channel, LogServiceGrpc.getAppendMethod());
        return call.send(AppendRequest.newBuilder()
                .setOpen(AppendOpen.newBuilder().setPchannel("orders-0"))
                .build());
    }

    private void awaitHeld() {
        await().until(() -> owners.waiting() == 1);
    }

    @Test
    void anOpenIsHeldUntilTheLogIsHere() throws Exception {
        var call = open();
        awaitHeld();

        grpc.node.own(ORDERS, 9);
        owners.is(FakeOwners.here());

        assertThat(call.next().hasOpened()).isTrue();
        assertThat(grpc.metrics.scrape()).contains("seawall_grpc_held_requests_total{owner=\"here\"} 1.0");
    }

    @Test
    void anOpenIsHeldAndThenSentToTheOwner() throws Exception {
        var call = open();
        awaitHeld();

        owners.is(ELSEWHERE);

        var error = info(call.end());
        assertThat(error.getReason()).isEqualTo("NOT_OWNER");
        assertThat(error.getMetadataMap())
                .containsEntry("owner", "n2")
                .containsEntry("ownerUrl", "http://n2:7070")
                .containsEntry("ownerGrpc", "n2:7071");
    }

    @Test
    void anOpenWhoseTimeIsOverIsUnavailable() throws Exception {
        var call = open();
        awaitHeld();

        owners.timeIsOver();

        assertThat(info(call.end()).getReason()).isEqualTo("UNAVAILABLE");
    }

    @Test
    void aCallThatIsCancelledWhileItIsHeldDoesNothingLater() throws Exception {
        var call = open();
        awaitHeld();
        call.call.cancel("of the test", null);
        await().until(() -> grpc.metrics.scrape().contains("status=\"CANCELLED\"} 1.0"));

        grpc.node.own(ORDERS, 9);
        owners.is(FakeOwners.here());

        await().until(() -> grpc.metrics.scrape().contains("seawall_grpc_held 0.0"));
        assertThat(open().next().hasOpened()).isTrue();
    }

    @Test
    void aCallThatLosesItsLogSaysWhereItIsNow() throws Exception {
        grpc.node.own(ORDERS, 9);
        owners.is(FakeOwners.here());
        var call = open();
        assertThat(call.next().hasOpened()).isTrue();

        owners.is(ELSEWHERE);
        grpc.node.owners.put(ORDERS, new PChannelStatus.Ownership(10, 0, "n2", "http://n2:7070"));

        var error = info(call.end());
        assertThat(error.getReason()).isEqualTo("NOT_OWNER");
        assertThat(error.getMetadataMap()).containsEntry("ownerGrpc", "n2:7071");
    }

    @Test
    void trimsAndFlushesAreHeldToo() {
        var flushed = CompletableFuture.supplyAsync(() -> grpc.logs()
                .flush(FlushRequest.newBuilder().setPchannel("orders-0").build()));
        awaitHeld();
        grpc.node.own(ORDERS, 9);
        owners.is(FakeOwners.here());
        assertThat(flushed.join().getFlushed()).isZero();

        owners.is(ELSEWHERE);
        grpc.node.owners.put(ORDERS, new PChannelStatus.Ownership(10, 0, "n2", "http://n2:7070"));
        var error = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> grpc.logs()
                        .trim(TrimRequest.newBuilder().setPchannel("orders-0").build()));
        assertThat(info(error).getMetadataMap()).containsEntry("ownerGrpc", "n2:7071");
    }
}
