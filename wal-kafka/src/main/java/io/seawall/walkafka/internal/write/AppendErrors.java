package io.seawall.walkafka.internal.write;

import io.seawall.wal.Effect;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import io.seawall.walkafka.internal.lease.InFlight;
import io.seawall.walkafka.internal.serial.PortErrors;
import io.seawall.walkafka.port.LaneFault;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The errors of appends. */
final class AppendErrors {
    private final PChannel pchannel;
    private final TopicLimit topicLimit;

    AppendErrors(PChannel pchannel, TopicLimit topicLimit) {
        this.pchannel = pchannel;
        this.topicLimit = topicLimit;
    }

    /** Returns max.message.bytes of the topic as it was last read, or null if it was never read. */
    @FunctionalInterface
    interface TopicLimit extends Supplier<@Nullable String> {}

    WalException closed() {
        return append(ErrorCode.SHUTTING_DOWN).found("the log being closed").exception();
    }

    WalException closed(String why) {
        return append(ErrorCode.SHUTTING_DOWN)
                .found("the log being closed, " + why)
                .exception();
    }

    WalException offsetWentBack(long before, long now) {
        return append(ErrorCode.DATA_LOSS)
                .found("an acknowledgement at offset " + now + " after one at " + before)
                .expected("growing offsets")
                .fix("the topic was deleted and created again, or its partition lost its end: check the topic")
                .exception();
    }

    WalException acknowledgedLost(long tail, long found) {
        return append(ErrorCode.DATA_LOSS)
                .with("lsn", found)
                .found("no record from LSN " + found + " on, after an error")
                .expected("every acknowledged one, up to LSN " + (tail - 1))
                .fix("acknowledged records are missing in Kafka: stop writing and check the brokers' disks")
                .exception();
    }

    /** Returns the error of an append that the broker refused. */
    WalException refused(InFlight.Entry entry) {
        var fault = entry.refused();
        return fault != null && fault.kind() == LaneFault.Kind.REFUSED
                ? append(ErrorCode.INVALID)
                        .found("a record that the broker refuses: " + PortErrors.shown(fault))
                        .expected("records that Kafka accepts")
                        .fix("see the broker's log for the reason")
                        .exception()
                : TooLargeErrors.ofTheBroker(pchannel, entry.userAppend().batch(), topicLimit.get(), fault);
    }

    /** Returns the error of a log that ends because an append failed each time that it was sent. */
    WalException neverTaken(long lsn, Duration longest, LaneFault fault) {
        return append(ErrorCode.UNAVAILABLE)
                .found("an append at LSN " + lsn + " that failed each time that it was sent: " + fault.getMessage())
                .expected("an acknowledgement within " + longest + " (wal.recover.timeout.ms)")
                .fix("see the broker's log for the reason; then open the log at a higher term")
                .cause(fault)
                .exception();
    }

    WalException bug(RuntimeException bug) {
        return append(ErrorCode.INTERNAL)
                .found(String.valueOf(bug.getMessage()))
                .fix("report this: it is a bug")
                .cause(bug)
                .exception();
    }

    /** Returns the error of an append that was sent, if the log cannot be read to find out whether it was written. */
    WalException outcomeUnknown(WalException cause) {
        return cause.code() == ErrorCode.FENCED
                ? cause.problem().effect(Effect.UNKNOWN).exception()
                : Problem.of(ErrorCode.OUTCOME_UNKNOWN, "say whether an append to " + pchannel + " was written")
                        .pchannel(pchannel)
                        .effect(Effect.UNKNOWN)
                        .found(String.valueOf(cause.getMessage()))
                        .fix("read the log from its last known LSN")
                        .cause(cause)
                        .exception();
    }

    private Problem append(ErrorCode code) {
        return Problem.of(code, "append to " + pchannel).pchannel(pchannel);
    }
}
