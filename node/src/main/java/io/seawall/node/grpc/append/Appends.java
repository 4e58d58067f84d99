package io.seawall.node.grpc.append;

import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.seawall.api.v1.AppendResponse;
import io.seawall.api.v1.LogServiceGrpc;
import io.seawall.node.grpc.call.BlockingWork;
import io.seawall.node.grpc.call.GrpcErrors;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.node.ports.Assignments;
import io.seawall.node.ports.Owners;
import io.seawall.node.serve.BatchRules;
import io.seawall.node.serve.RequestRouting;
import io.seawall.wal.PChannel;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** All append calls of the node, and what they use. Thread-safe; nothing blocks. */
public final class Appends {
    private final Assignments assignments;
    private final @Nullable Owners owners;
    private final RequestRouting routing;
    private final Sizes sizes;
    private final BlockingWork work;
    private final GrpcErrors errors;
    private final NodeMetrics metrics;
    private final Set<AppendCall> calls = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping; // written by stop, read by any thread

    /**
     * What clients may send.
     *
     * @param recordBytes the most bytes of a record: key, value and headers
     * @param batchBytes the most bytes of the records of a batch
     */
    public record Sizes(int recordBytes, int batchBytes) {}

    /**
     * Creates the method.
     *
     * @param assignments the logs of this node
     * @param owners the owners by the cluster's state, or null without a cluster
     * @param routing holds calls whose log moves
     * @param sizes what clients may send
     * @param work finds the owners of logs that are in no cluster
     * @param errors translates errors
     * @param metrics counts batches
     */
    public Appends(
            Assignments assignments,
            @Nullable Owners owners,
            RequestRouting routing,
            Sizes sizes,
            BlockingWork work,
            GrpcErrors errors,
            NodeMetrics metrics) {
        this.assignments = assignments;
        this.owners = owners;
        this.routing = routing;
        this.sizes = sizes;
        this.work = work;
        this.errors = errors;
        this.metrics = metrics;
    }

    /** Returns the method with its own reader of messages. */
    public ServerMethodDefinition<?, ?> method() {
        MethodDescriptor<AppendMessage, AppendResponse> method = LogServiceGrpc.getAppendMethod().toBuilder(
                        new AppendParser(new BatchRules(sizes.recordBytes())),
                        LogServiceGrpc.getAppendMethod().getResponseMarshaller())
                .build();
        return ServerMethodDefinition.create(method, (call, headers) -> {
            var appending = new AppendCall(call, this);
            calls.add(appending);
            appending.start();
            if (stopping) { // since before the call was added
                appending.stop();
            }
            return appending;
        });
    }

    /** Returns the name of the log that a message of the method asks for; empty if it is another kind of message. */
    public static Optional<String> logOf(Object message) {
        return message instanceof AppendMessage.Open open ? Optional.of(open.pchannel()) : Optional.empty();
    }

    /** Ends calls whose log was closed. Called about once per second. */
    public void sweep() {
        calls.forEach(AppendCall::check);
    }

    /** Lets the calls end as soon as their batches in flight are answered. */
    public void stop() {
        stopping = true;
        calls.forEach(AppendCall::stop);
    }

    void remove(AppendCall call) {
        calls.remove(call);
    }

    /** Returns where a log is, if another node has it or is about to; empty otherwise. */
    Map<String, String> ownerElsewhere(PChannel pchannel) {
        if (owners == null) {
            return Map.of();
        }
        var owner = owners.owner(pchannel);
        return owner.url().isEmpty() ? Map.of() : GrpcErrors.owner(owner);
    }

    Assignments assignments() {
        return assignments;
    }

    RequestRouting routing() {
        return routing;
    }

    Sizes sizes() {
        return sizes;
    }

    BlockingWork work() {
        return work;
    }

    GrpcErrors errors() {
        return errors;
    }

    NodeMetrics metrics() {
        return metrics;
    }
}
