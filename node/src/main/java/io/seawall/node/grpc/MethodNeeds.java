package io.seawall.node.grpc;

import io.grpc.MethodDescriptor;
import io.seawall.api.v1.AssignRequest;
import io.seawall.api.v1.AssignmentServiceGrpc;
import io.seawall.api.v1.CreateTopicRequest;
import io.seawall.api.v1.DescribeRequest;
import io.seawall.api.v1.FlushRequest;
import io.seawall.api.v1.LogServiceGrpc;
import io.seawall.api.v1.ReadRequest;
import io.seawall.api.v1.RemoveRequest;
import io.seawall.api.v1.TrimRequest;
import io.seawall.node.access.Action;
import io.seawall.node.access.Need;
import io.seawall.node.grpc.append.Appends;
import io.seawall.wal.PChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** What a caller needs for each method, by its messages. A method that is not here needs {@code admin:*}. */
final class MethodNeeds {
    /** Services that everybody may use: health, and the description of the API. */
    private static final Set<String> OPEN = Set.of("grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection");

    private static final Map<String, Function<Object, Optional<Need>>> NEEDS = new HashMap<>();

    static {
        log(LogServiceGrpc.getReadMethod(), ReadRequest::getPchannel, Action.READ);
        log(LogServiceGrpc.getDescribeMethod(), DescribeRequest::getPchannel, Action.READ, Action.ADMIN);
        log(LogServiceGrpc.getTrimMethod(), TrimRequest::getPchannel, Action.TRIM);
        log(LogServiceGrpc.getFlushMethod(), FlushRequest::getPchannel, Action.ADMIN);
        log(AssignmentServiceGrpc.getAssignMethod(), AssignRequest::getPchannel, Action.ADMIN);
        log(AssignmentServiceGrpc.getRemoveMethod(), RemoveRequest::getPchannel, Action.ADMIN);
        always(LogServiceGrpc.getListLogsMethod(), Need.KNOWN);
        always(AssignmentServiceGrpc.getCollectStatusMethod(), Need.ofAll(Action.ADMIN));
        NEEDS.put(
                LogServiceGrpc.getCreateTopicMethod().getFullMethodName(),
                message -> Optional.of(
                        Need.ofTopic(PChannel.checkTopic(((CreateTopicRequest) message).getTopic()), Action.ADMIN)));
        // The first message names the log; batches before it are refused by the method.
        NEEDS.put(
                LogServiceGrpc.getAppendMethod().getFullMethodName(),
                message -> Appends.logOf(message)
                        .map(log -> Need.ofTopic(PChannel.parse(log).topic(), Action.APPEND)));
    }

    private MethodNeeds() {}

    @SuppressWarnings("unchecked") // a method gets messages of its own type only
    private static <Q> void log(
            MethodDescriptor<Q, ?> method, Function<Q, String> pchannel, Action first, Action... others) {
        NEEDS.put(
                method.getFullMethodName(),
                message -> Optional.of(
                        Need.ofTopic(PChannel.parse(pchannel.apply((Q) message)).topic(), first, others)));
    }

    private static void always(MethodDescriptor<?, ?> method, Need need) {
        NEEDS.put(method.getFullMethodName(), message -> Optional.of(need));
    }

    /** Returns whether the need of a method is stated here. */
    static boolean isStated(MethodDescriptor<?, ?> method) {
        return isOpen(method) || NEEDS.containsKey(method.getFullMethodName());
    }

    /** Returns whether everybody may call a method. */
    static boolean isOpen(MethodDescriptor<?, ?> method) {
        return OPEN.contains(String.valueOf(method.getServiceName()));
    }

    /**
     * Returns what the caller needs for a message; empty for one that needs no more than those before it.
     *
     * @throws io.seawall.wal.RequestException with code INVALID if the message names no log or topic
     */
    static Optional<Need> of(MethodDescriptor<?, ?> method, Object message) {
        var need = NEEDS.get(method.getFullMethodName());
        return need == null ? Optional.of(Need.ofAll(Action.ADMIN)) : need.apply(message);
    }
}
