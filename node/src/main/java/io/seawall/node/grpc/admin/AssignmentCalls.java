package io.seawall.node.grpc.admin;

import com.google.protobuf.Duration;
import io.grpc.stub.StreamObserver;
import io.seawall.api.v1.AssignRequest;
import io.seawall.api.v1.AssignResponse;
import io.seawall.api.v1.AssignmentServiceGrpc;
import io.seawall.api.v1.CollectStatusRequest;
import io.seawall.api.v1.CollectStatusResponse;
import io.seawall.api.v1.RemoveRequest;
import io.seawall.api.v1.RemoveResponse;
import io.seawall.node.grpc.call.GrpcErrors;
import io.seawall.node.grpc.call.GrpcLimits;
import io.seawall.node.ports.Assignments;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** {@code AssignmentService}: an external coordinator tells this node which logs to have open. Thread-safe; nothing blocks. */
public final class AssignmentCalls extends AssignmentServiceGrpc.AssignmentServiceImplBase {
    private final Assignments assignments;
    private final GrpcErrors errors;

    /**
     * Creates the methods.
     *
     * @param assignments the logs of this node
     * @param errors translates errors
     */
    public AssignmentCalls(Assignments assignments, GrpcErrors errors) {
        this.assignments = assignments;
        this.errors = errors;
    }

    @Override
    public void assign(AssignRequest request, StreamObserver<AssignResponse> client) {
        var answer = new Answer<>(client, errors);
        answer.attempt(() -> expect(
                answer,
                new Order(request.getPchannel(), request.getTerm(), true, request.hasWait(), request.getWait()),
                converged -> answer.give(
                        AssignResponse.newBuilder().setConverged(converged).build())));
    }

    @Override
    public void remove(RemoveRequest request, StreamObserver<RemoveResponse> client) {
        var answer = new Answer<>(client, errors);
        answer.attempt(() -> expect(
                answer,
                new Order(request.getPchannel(), request.getTerm(), false, request.hasWait(), request.getWait()),
                converged -> answer.give(
                        RemoveResponse.newBuilder().setConverged(converged).build())));
    }

    /** An order as it was sent. */
    private record Order(String pchannel, long term, boolean available, boolean hasPatience, Duration patience) {}

    private void expect(Answer<?> answer, Order order, Consumer<Boolean> done) {
        var pchannel = PChannel.parse(order.pchannel());
        var operation = (order.available() ? "assign " : "remove ") + pchannel;
        if (order.term() < 0) {
            throw invalid(operation, pchannel, "term " + order.term(), "0 or more");
        }
        var waitMs =
                order.hasPatience() ? millis(operation, pchannel, order.patience()) : GrpcLimits.ASSIGNMENT.toMillis();
        // Copy the future, so that a timeout here does not complete the future of the opening itself.
        var converged =
                assignments.assign(pchannel, order.term(), order.available()).copy();
        if (waitMs == 0 && !converged.isDone()) {
            done.accept(false);
            return;
        }
        answer.when(
                converged.orTimeout(Math.max(1, waitMs), TimeUnit.MILLISECONDS),
                reached -> done.accept(true),
                failure -> {
                    if (FutureErrors.unwrapped(failure) instanceof TimeoutException) {
                        done.accept(false);
                    } else {
                        answer.fail(failure);
                    }
                });
    }

    private static long millis(String operation, PChannel pchannel, Duration wait) {
        var most = GrpcLimits.MOST_ASSIGNMENT.toSeconds();
        if (wait.getSeconds() < 0 || wait.getNanos() < 0 || wait.getSeconds() > most) {
            throw invalid(
                    operation,
                    pchannel,
                    "wait of " + wait.getSeconds() + " s and " + wait.getNanos() + " ns",
                    "0 to " + most + " s, and 0 ns or more");
        }
        return TimeUnit.SECONDS.toMillis(wait.getSeconds()) + TimeUnit.NANOSECONDS.toMillis(wait.getNanos());
    }

    private static WalException invalid(String operation, PChannel pchannel, String found, String expected) {
        return Problem.of(ErrorCode.INVALID, operation)
                .pchannel(pchannel)
                .found(found)
                .expected(expected)
                .exception();
    }

    @Override
    public void collectStatus(CollectStatusRequest request, StreamObserver<CollectStatusResponse> client) {
        var answer = new Answer<>(client, errors);
        answer.attempt(() -> {
            var all = CollectStatusResponse.newBuilder();
            for (var status : assignments.local()) {
                var assigned = status.assigned();
                if (assigned != null) {
                    all.addAssignments(Descriptions.of(status, assigned));
                }
            }
            answer.give(all.build());
        });
    }
}
