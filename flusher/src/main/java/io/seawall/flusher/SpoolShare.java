package io.seawall.flusher;

import io.seawall.wal.LogRecord;
import java.io.IOException;
import java.util.List;

/** What one pchannel's spool takes of the budgets of memory and disk. Used by one thread at a time. */
final class SpoolShare implements SpoolBudget.Owner {
    /** What a record can be larger in a file than its bytes: numbers, lengths, and a codec that finds nothing to compress. */
    private static final int RECORD_OVERHEAD_BYTES = 128;

    private final MemoryBudget memory;
    private final SpoolBudget disk;
    private final Runnable wake;
    private long keptBytes;

    /**
     * A share.
     *
     * @param wake run when {@link #isSealAsked} is worth asking
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

    /** Whether it is worth reading: there is a little room, at least. */
    boolean hasRoom() {
        return disk.hasRoom(this);
    }

    /** Takes room for records that are about to be written; false if there is none. */
    boolean tryGrow(List<LogRecord> records) {
        var more = 0L;
        for (var record : records) {
            more += record.data().sizeBytes() + RECORD_OVERHEAD_BYTES;
        }
        return disk.tryGrow(this, more);
    }

    /** After records were written: counts what there is, and lets go of the open block if there is no memory to keep it. */
    void grown(SpoolFile spool) throws IOException {
        if (!memory.tryKeep(keptBytes, spool.keptBytes())) {
            spool.spill();
            spilled();
        }
        keptBytes = spool.keptBytes();
        disk.isOpen(this, spool.fileBytes() + keptBytes);
    }

    /** The open block is about to be written. */
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

    /** Whether others wait for the room that this one takes; from any thread. */
    boolean isSealAsked() {
        return disk.isSealAsked(this);
    }

    /** There is no file any more. */
    void gone() {
        spilled();
        disk.isGone(this);
    }
}
