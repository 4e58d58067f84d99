package io.seawall.walkafka;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.RetryableException;
import io.seawall.wal.WalException;
import io.seawall.walkafka.port.LogCursor;
import io.seawall.walkafka.port.OffsetGoneException;
import java.time.Duration;
import java.util.HashSet;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One consumer that all readers at the tail of a log share, and the records that not all of them have taken yet. It has no thread:
 * the first reader that finds nothing fetches for all, on its own thread, and the others wait for what it brings.
 *
 * <p>What is kept is bounded: a reader that falls behind more than that is left behind and goes on with a consumer of its own.
 * When the consumer comes to an end for good, so does the ring, and each reader gets the same error once it has taken what was
 * before it.
 *
 * <p>The lock guards everything but the follower, which belongs to the one reader that leads.
 */
final class TailRing {
    private static final int KEPT_RECORDS = 10_000;
    private static final long KEPT_BYTES = 8 * 1024 * 1024;

    /** So much stays though everybody has taken it, so that a reader that catches up finds the place where it can join. */
    private static final long JOIN_BYTES = 64 * 1024;

    private final PChannel pchannel;
    private final LogFollower follower;
    private final Runnable onOver;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final NavigableMap<Long, Kept> kept =
            new TreeMap<>(); // by first LSN; each begins where the one before ends
    private final Set<Member> members = new HashSet<>();
    private LogPoint end; // behind the newest record
    private long keptBytes;
    private int keptRecords;
    private boolean led; // whether a reader is fetching
    private @Nullable WalException failure; // what ends every reader that has taken everything
    private boolean over; // nobody may join, and whoever has taken everything goes on without this ring

    private record Kept(Chunk chunk, long bytes) {}

    /**
     * A ring around a follower, which it closes.
     *
     * @param onOver told, under no lock, when nobody may join any more; perhaps twice
     */
    TailRing(PChannel pchannel, LogFollower follower, Runnable onOver) {
        this.pchannel = pchannel;
        this.follower = follower;
        this.onOver = onOver;
        this.end = follower.here();
    }

    /** Takes in a reader at the tail; null if this ring has ended. */
    @Nullable
    Member joinAtEnd() {
        lock.lock();
        try {
            return over ? null : admitted(end);
        } finally {
            lock.unlock();
        }
    }

    /** Takes in a reader that stands at a place; null if the ring does not have it, or has ended. */
    @Nullable
    Member join(LogPoint at) {
        lock.lock();
        try {
            return !over && has(at) ? admitted(at) : null;
        } finally {
            lock.unlock();
        }
    }

    /** Both must stand behind the same record, not only behind the same number: else a number used twice would be missed. */
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

    /** One reader's place. */
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
                // While somebody fetches, the follower's own place is not to be looked at.
                return here.next() == end.next() && !led && follower.isAt(offset);
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

        /** Waits while another one fetches; false if nothing came of it in time. */
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
                return null; // left behind
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
                return null; // each reader finds out by itself what became of its next record
            } catch (RetryableException forTheMoment) {
                throw forTheMoment; // the next one that leads tries again
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
                onOver.run();
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
        onOver.run();
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

    /** Lets go of what everybody has taken, and of what is too much. */
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
