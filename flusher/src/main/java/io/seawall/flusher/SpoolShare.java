package io.seawall.flusher;

import io.seawall.flusher.segment.SealedSegment;
import io.seawall.flusher.segment.SpoolFile;
import io.seawall.wal.LogRecord;
import java.io.IOException;
import java.util.List;

/** The share of one pchannel's spool in the budgets of memory and disk. Used by one thread at a time. */
final class SpoolShare implements SpoolBudget.Owner {
    /** How much larger than its bytes a record can be in a file: numbers, lengths, and incompressible data. */
    private static final int RECORD_OVERHEAD_BYTES = 128;

    private final MemoryBudget memory;
    private final SpoolBudget disk;
    private final Runnable wake;
    private long keptBytes;

    /**
     * Creates a share.
     *
     * @param wake run when {@link #isSealAsked} may have changed
     */
    SpoolShare(MemoryBudget memory, SpoolBudget disk, Runnable wake) {
        this.memory = memory;
        this.disk = disk;
        this.wake = wake;
    }

    @Override
    public void wake() {
        wake.run();
    }

    /** Returns whether reading is worthwhile: at least a little room is left. */
    boolean hasRoom() {
        return disk.hasRoom(this);
    }

    /** Requests room for records that are about to be written; returns false if there is none. */
    boolean tryGrow(List<LogRecord> records) {
        var more = 0L;
        for (var record : records) {
            more += record.data().sizeBytes() + RECORD_OVERHEAD_BYTES;
        }
        return disk.tryGrow(this, more);
    }

    /**
     * Called after records were written: updates the counts, and writes out the open block if there is no memory to keep it.
     */
    void grown(SpoolFile spool) throws IOException {
        if (!memory.tryKeep(keptBytes, spool.keptBytes())) {
            spool.spill();
            spilled();
        }
        keptBytes = spool.keptBytes();
        disk.isOpen(this, spool.fileBytes() + keptBytes);
    }

    /** The open block is about to be written out. */
    void spilled() {
        memory.tryKeep(keptBytes, 0);
        keptBytes = 0;
    }

    void sealed(SealedSegment segment) {
        spilled();
        disk.isSealed(this, segment.info().fileBytes());
    }

    /** A put failed. */
    void stuck() {
        disk.isStuck(this);
    }

    /** Returns whether others wait for the room that this spool takes. Thread-safe. */
    boolean isSealAsked() {
        return disk.isSealAsked(this);
    }

    /** The spool has no file any more. */
    void gone() {
        spilled();
        disk.isGone(this);
    }
}
