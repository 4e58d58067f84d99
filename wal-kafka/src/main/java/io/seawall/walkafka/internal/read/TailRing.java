package io.seawall.walkafka.internal.read;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.RetryableException;
import io.seawall.wal.WalException;
import io.seawall.walkafka.internal.format.LogPoint;
import io.seawall.walkafka.port.LogCursor;
import io.seawall.walkafka.port.OffsetGoneException;
import java.time.Duration;
import java.util.HashSet;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A consumer that all readers at the tail of a log share, and the records that some of them have not taken yet. The ring has no
 * thread: the first reader that finds no record becomes the leader and fetches for all on its own thread; the others wait for its
 * result.
 *
 * <p>The ring keeps a bounded number of records. A reader that falls further behind continues with a consumer of its own. When
 * the consumer fails for good, the ring ends, and each reader gets the same error after the records before it.
 *
 * <p>The lock guards all fields except the follower, which only the leading reader uses.
 */
final class TailRing {
    private static final int KEPT_RECORDS = 10_000;
    private static final long KEPT_BYTES = 8 * 1024 * 1024;

    /** How many bytes to keep although all readers have taken them, so that a reader that catches up can still join. */
    private static final long JOIN_BYTES = 64 * 1024;

    private final PChannel pchannel;
    private final LogFollower follower;
    private final Consumer<TailRing> onOver;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final NavigableMap<Long, Kept> kept = new TreeMap<>(); // by first LSN, without gaps
    private final Set<Member> members = new HashSet<>();
    private LogPoint end; // after the newest record
    private long reached; // the offset up to which the log was fetched; it may be behind the newest record
    private long keptBytes;
    private int keptRecords;
    private boolean led; // whether a reader is fetching
    private @Nullable WalException failure; // thrown to each reader once it has taken all records
    private boolean over; // no reader may join, and each leaves once it has taken all

    private record Kept(Chunk chunk, long bytes) {}

    /**
     * Creates a ring around a follower, which the ring closes.
     *
     * @param onOver called without the lock when no reader may join any more; may be called twice
     */
    TailRing(PChannel pchannel, LogFollower follower, Consumer<TailRing> onOver) {
        this.pchannel = pchannel;
        this.follower = follower;
        this.onOver = onOver;
        this.end = follower.here();
        this.reached = follower.offset();
    }

    /** Adds a reader at the tail. Returns null if this ring has ended. */
    @Nullable
    Member joinAtEnd() {
        lock.lock();
        try {
            return over ? null : admitted(end);
        } finally {
            lock.unlock();
        }
    }

    /** Adds a reader at a point. Returns null if the ring does not have this point, or has ended. */
    @Nullable
    Member join(LogPoint at) {
        lock.lock();
        try {
            return !over && has(at) ? admitted(at) : null;
        } finally {
            lock.unlock();
        }
    }

    /** Compares offsets too: if an LSN was used twice, a reader that compared LSNs alone would not notice the loss. */
    private boolean has(LogPoint at) {
        if (at.next() == end.next()) {
            return at.offset() == end.offset();
        }
        var before = kept.floorEntry(at.next() - 1);
        if (before == null) {
            return false;
        }
        var chunk = before.getValue().chunk();
        return at.next() < chunk.after().next()
                && chunk.from(at.next() - 1).records().get(0).offset() + 1 == at.offset();
    }

    private Member admitted(LogPoint at) {
        var member = new Member(at);
        members.add(member);
        return member;
    }

    /** One reader's position in the ring. */
    final class Member implements Feed {
        private LogPoint here; // guarded by the lock; read by the member's own thread
        private boolean closed; // guarded by the lock

        private Member(LogPoint here) {
            this.here = here;
        }

        @Override
        public LogPoint here() {
            return here;
        }

        @Override
        public boolean isAt(long offset) {
            lock.lock();
            try {
                return here.next() == end.next() && reached >= offset;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public @Nullable Chunk take(Duration wait) {
            lock.lock();
            try {
                if (!awaitTurn(wait)) {
                    return Chunk.empty(here);
                }
                if (here.next() != end.next()) {
                    return takeKept();
                }
                if (failure != null) {
                    throw failure;
                }
                if (over) {
                    return null;
                }
                led = true;
            } finally {
                lock.unlock();
            }
            return lead(wait);
        }

        /** Waits while another reader fetches. Returns false if that reader got no record in time. */
        private boolean awaitTurn(Duration wait) {
            var leftNanos = Math.min(wait.toNanos(), LogCursor.LONGEST_WAIT.toNanos());
            while (true) {
                if (closed) {
                    throw Problem.of(ErrorCode.SHUTTING_DOWN, "read " + pchannel)
                            .pchannel(pchannel)
                            .found("a closed reader")
                            .exception();
                }
                if (!led || here.next() != end.next()) {
                    return true;
                }
                if (leftNanos <= 0) {
                    return false;
                }
                try {
                    leftNanos = changed.awaitNanos(leftNanos);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    throw Problem.of(ErrorCode.UNAVAILABLE, "read " + pchannel)
                            .pchannel(pchannel)
                            .found("an interrupted thread")
                            .cause(interrupted)
                            .exception();
                }
            }
        }

        private @Nullable Chunk takeKept() {
            var entry = kept.floorEntry(here.next());
            if (entry == null) {
                return null; // the record was evicted
            }
            var chunk = entry.getValue().chunk().from(here.next());
            here = chunk.after();
            evict();
            return chunk;
        }

        private @Nullable Chunk lead(Duration wait) {
            var fetched = Chunk.empty(here);
            try {
                fetched = follower.take(wait);
                return fetched;
            } catch (OffsetGoneException gone) {
                endRing(null);
                return null; // each reader then searches for its next record itself
            } catch (RetryableException forTheMoment) {
                throw forTheMoment; // the next reader that leads tries again
            } catch (WalException error) {
                endRing(error);
                throw error;
            } finally {
                handBack(fetched);
            }
        }

        private void handBack(Chunk fetched) {
            lock.lock();
            try {
                led = false;
                reached = follower.offset();
                if (!fetched.isEmpty()) {
                    add(fetched);
                    here = fetched.after();
                    evict();
                }
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            boolean last;
            lock.lock();
            try {
                last = !closed && members.remove(this) && members.isEmpty();
                closed = true;
                over |= last;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
            if (last) {
                onOver.accept(TailRing.this);
                follower.close();
            }
        }
    }

    private void endRing(@Nullable WalException why) {
        lock.lock();
        try {
            failure = why;
            over = true;
        } finally {
            lock.unlock();
        }
        onOver.accept(this);
    }

    private void add(Chunk chunk) {
        var bytes = chunk.records().stream()
                .mapToLong(record -> record.data().sizeBytes())
                .sum();
        kept.put(chunk.first(), new Kept(chunk, bytes));
        keptBytes += bytes;
        keptRecords += chunk.records().size();
        end = chunk.after();
    }

    /** Drops the chunks that all readers have taken, and the oldest ones above the bounds. */
    private void evict() {
        var slowest =
                members.stream().mapToLong(member -> member.here().next()).min().orElse(Long.MAX_VALUE);
        while (!kept.isEmpty() && mayGo(kept.firstEntry().getValue(), slowest)) {
            var gone = kept.pollFirstEntry().getValue();
            keptBytes -= gone.bytes();
            keptRecords -= gone.chunk().records().size();
        }
    }

    private boolean mayGo(Kept oldest, long slowest) {
        var tooMuch = keptBytes > KEPT_BYTES || keptRecords > KEPT_RECORDS;
        var taken = oldest.chunk().after().next() <= slowest;
        return tooMuch || (taken && keptBytes > JOIN_BYTES);
    }
}
