package io.seawall.walkafka.internal.lease;

import io.seawall.wal.WalException;
import io.seawall.walkafka.internal.scan.OwnOffsets;
import io.seawall.walkafka.port.LaneFault;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Tells a writer that readers of its process have found records of another program in its log.
 *
 * @param mailbox runs the writer
 * @param takeBack ends the writer, so that the log is taken back
 * @param writeSnapshot writes a snapshot and commits it
 */
record ForgedRecordsHandler(Executor mailbox, Consumer<LaneFault> takeBack, Runnable writeSnapshot)
        implements OwnOffsets.Owner {
    @Override
    public void forged(WalException found) {
        mailbox.execute(() -> takeBack.accept(new LaneFault(LaneFault.Kind.UNAVAILABLE, found)));
    }

    @Override
    public void passedOver() {
        mailbox.execute(writeSnapshot);
    }
}
