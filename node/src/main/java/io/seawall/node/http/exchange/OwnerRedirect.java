package io.seawall.node.http.exchange;

import io.seawall.node.ports.Assignments;
import io.seawall.node.ports.PChannelStatus.Ownership;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.OwnershipException;
import io.seawall.wal.PChannel;
import io.seawall.wal.WalException;
import java.util.Map;

/** Redirects a request that only the owner can serve to the owner, if that is known. */
public final class OwnerRedirect {
    private final Assignments assignments;
    private final BoundedPool work;
    private final String nodeId;

    public OwnerRedirect(Assignments assignments, BoundedPool work, String nodeId) {
        this.assignments = assignments;
        this.work = work;
        this.nodeId = nodeId;
    }

    /** Answers with 307 if the failure is NOT_OWNER and another owner's URL is known, otherwise with the failure. */
    public void fail(Exchange exchange, PChannel pchannel, Throwable failure) {
        if (FutureErrors.unwrapped(failure) instanceof OwnershipException notOwner
                && notOwner.code() == ErrorCode.NOT_OWNER) {
            work.run(exchange, () -> redirect(exchange, pchannel, notOwner));
        } else {
            exchange.fail(failure);
        }
    }

    private void redirect(Exchange exchange, PChannel pchannel, OwnershipException notOwner) {
        var ownership = ownership(pchannel, notOwner);
        var url = ownership.url();
        // The log may still name this node as its last owner; redirecting to itself would never end.
        if (url == null || nodeId.equals(ownership.owner())) {
            throw notOwner;
        }
        var headers = Map.of("Location", url + exchange.pathAndQuery());
        throw new HttpRefusal(307, notOwner.problem(), headers);
    }

    /** Returns the log's owner. If it cannot be read, fails with this node's own error. */
    private Ownership ownership(PChannel pchannel, OwnershipException notOwner) {
        try {
            return assignments.status(pchannel).ownership();
        } catch (WalException error) {
            throw error.code() == ErrorCode.NOT_FOUND ? error : notOwner;
        }
    }
}
