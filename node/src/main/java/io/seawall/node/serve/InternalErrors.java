package io.seawall.node.serve;

import io.seawall.wal.Effect;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;

/** Logs errors that are the node's own fault, each with an id that the client gets too. Thread-safe. */
public final class InternalErrors {
    private final Logger log;
    private final RandomGenerator random;

    /**
     * Creates a log of errors.
     *
     * @param log where they are logged
     * @param random makes the ids
     */
    public InternalErrors(Logger log, RandomGenerator random) {
        this.log = log;
        this.random = random;
    }

    /**
     * What the client is told.
     *
     * @param problem the problem
     * @param id the id of the entry in the log
     */
    public record Logged(Problem problem, String id) {}

    /**
     * Logs an error.
     *
     * @param what what failed, as in {@code a request}
     * @param error the error, unwrapped
     * @param effect whether what failed may have changed something
     */
    public Logged log(String what, Throwable error, Effect effect) {
        var id = newId();
        log.atError().addKeyValue("id", id).setCause(error).log(what + " failed because of an error inside the node");
        if (error instanceof WalException wal) {
            return new Logged(wal.problem(), id);
        }
        var problem = Problem.of(ErrorCode.INTERNAL, "do it")
                .effect(effect)
                .found("an error inside the node")
                .fix("see id " + id + " in its log");
        return new Logged(problem, id);
    }

    private String newId() {
        synchronized (random) { // generators are not thread-safe
            return Long.toHexString(random.nextLong());
        }
    }
}
