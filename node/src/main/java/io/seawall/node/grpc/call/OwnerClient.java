package io.seawall.node.grpc.call;

import io.seawall.node.ports.Assignments;
import io.seawall.node.ports.Owners.Owner;
import io.seawall.node.serve.RequestRouting;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.OwnershipException;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import java.util.function.Consumer;

/** A call that only the owner of a log can serve: its client is told where the owner is. */
public final class OwnerClient implements RequestRouting.Client {
    private final String operation;
    private final PChannel pchannel;
    private final Assignments assignments;
    private final BlockingWork work;
    private final Consumer<Throwable> failed;

    /**
     * Creates a call.
     *
     * @param operation what was requested, as a phrase that fits after "cannot"
     * @param pchannel the log
     * @param assignments the logs of this node
     * @param work finds the owner of a log that is in no cluster
     * @param failed ends the call with an error; must not block
     */
    public OwnerClient(
            String operation,
            PChannel pchannel,
            Assignments assignments,
            BlockingWork work,
            Consumer<Throwable> failed) {
        this.operation = operation;
        this.pchannel = pchannel;
        this.assignments = assignments;
        this.work = work;
        this.failed = failed;
    }

    @Override
    public String operation() {
        return operation;
    }

    @Override
    public void fail(Throwable failure) {
        failed.accept(failure);
    }

    @Override
    public void redirect(Owner owner, WalException notHere) {
        failed.accept(new Refusal(notHere, GrpcErrors.owner(owner)));
    }

    /** Adds the owner to the error if that is NOT_OWNER and the log names its owner. */
    @Override
    public void withoutCluster(Throwable failure) {
        if (FutureErrors.unwrapped(failure) instanceof OwnershipException notOwner
                && notOwner.code() == ErrorCode.NOT_OWNER) {
            work.run(() -> failed.accept(withOwner(notOwner)), full -> failed.accept(notOwner));
        } else {
            failed.accept(failure);
        }
    }

    private Throwable withOwner(OwnershipException notOwner) {
        try {
            return new Refusal(
                    notOwner, GrpcErrors.owner(assignments.status(pchannel).ownership()));
        } catch (WalException error) {
            return error.code() == ErrorCode.NOT_FOUND ? error : notOwner;
        }
    }

    @Override
    public void runBlocking(Runnable task) {
        work.run(task, failed);
    }
}
