package io.seawall.walkafka.internal.write;

import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import io.seawall.walkafka.internal.format.Stamp;
import io.seawall.walkafka.port.LaneFault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/** The log lines of an open log. */
final class WalEventLog {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaWal.class);

    /** From this many errors in close series on, the line is a warning: a person should find the cause. */
    private static final int SUSPICIOUS_STREAK = 5;

    private final PChannel pchannel;

    WalEventLog(PChannel pchannel) {
        this.pchannel = pchannel;
    }

    private LoggingEventBuilder at(Level level, Stamp stamp) {
        return LOG.atLevel(level)
                .addKeyValue("pchannel", pchannel)
                .addKeyValue("term", stamp.term())
                .addKeyValue("epoch", stamp.epoch());
    }

    void laneFailed(Stamp stamp, LaneFault fault, int inFlight, long leaseAgeMs, int streak) {
        var often = streak >= SUSPICIOUS_STREAK;
        at(often ? Level.WARN : Level.INFO, stamp)
                .setMessage(often ? again(fault) : "a lane failed; the log is taken back")
                .addKeyValue("inFlight", inFlight)
                .addKeyValue("leaseAgeMs", leaseAgeMs)
                .addKeyValue("error", fault.getMessage())
                .log();
    }

    private static String again(LaneFault fault) {
        return fault.kind() == LaneFault.Kind.FENCED
                ? "a lane failed again and again: see whether somebody else uses its transactional ids"
                : "a lane failed again and again: see the error and the broker's log";
    }

    void takenBack(Stamp stamp, long tail, int sentAgain, long durationMs) {
        at(Level.INFO, stamp)
                .setMessage("log taken back")
                .addKeyValue("tail", tail)
                .addKeyValue("sentAgain", sentAgain)
                .addKeyValue("durationMs", durationMs)
                .log();
    }

    void ended(Stamp stamp, WalException cause) {
        at(Level.WARN, stamp)
                .setMessage("log ended")
                .addKeyValue("error", cause.getMessage())
                .log();
    }

    void abandoned(Stamp stamp, String why) {
        at(Level.WARN, stamp)
                .setMessage("log abandoned with work in flight; the next owner finds it in the log")
                .addKeyValue("reason", why)
                .log();
    }

    void broken(Stamp stamp, RuntimeException bug) {
        at(Level.ERROR, stamp)
                .setMessage("log stopped by a broken invariant")
                .setCause(bug)
                .log();
    }

    static void callerFailed(RuntimeException bug) {
        LOG.atError().setMessage("a caller's completion failed").setCause(bug).log();
    }
}
