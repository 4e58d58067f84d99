package io.seawall.node.grpc.admin;

import com.google.protobuf.Timestamp;
import io.seawall.api.v1.AssignmentStatus;
import io.seawall.api.v1.AssignmentTarget;
import io.seawall.api.v1.LogDescription;
import io.seawall.node.ports.PChannelStatus;
import java.util.Locale;

/** Makes messages of the status of logs. What is not known is left out. */
final class Descriptions {
    private Descriptions() {}

    static LogDescription of(PChannelStatus status) {
        var ownership = status.ownership();
        var log = LogDescription.newBuilder()
                .setPchannel(status.pchannel().toString())
                .setState(status.state().name().toLowerCase(Locale.ROOT));
        if (ownership.term() >= 0) {
            log.setTerm(ownership.term());
        }
        if (ownership.epoch() >= 0) {
            log.setEpoch(ownership.epoch());
        }
        var owner = ownership.owner();
        if (owner != null) {
            log.setOwner(owner);
        }
        var url = ownership.url();
        if (url != null) {
            log.setOwnerUrl(url);
        }
        var grpc = ownership.grpc();
        if (grpc != null) {
            log.setOwnerGrpc(grpc);
        }
        var positions = status.positions();
        if (positions != null) {
            log.setOldest(positions.oldest()).setTail(positions.tail()).setFlushed(positions.flushed());
        }
        var cause = status.cause();
        if (cause != null) {
            log.setCause(cause);
        }
        return log.build();
    }

    /** Returns what became of the order for a log that has one. */
    static AssignmentStatus of(PChannelStatus status, PChannelStatus.Assigned assigned) {
        var message = AssignmentStatus.newBuilder()
                .setPchannel(status.pchannel().toString())
                .setExpected(of(assigned.expected()));
        var current = assigned.current();
        if (current != null) {
            message.setCurrent(of(current));
        }
        var cause = status.cause();
        if (cause != null) {
            message.setCause(cause);
        }
        var since = status.since();
        if (since != null) {
            message.setSince(
                    Timestamp.newBuilder().setSeconds(since.getEpochSecond()).setNanos(since.getNano()));
        }
        return message.build();
    }

    private static AssignmentTarget of(PChannelStatus.Target target) {
        return AssignmentTarget.newBuilder()
                .setTerm(target.term())
                .setAvailable(target.available())
                .build();
    }
}
