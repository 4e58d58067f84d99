package io.seawall.node.guard;

import io.seawall.node.access.AccessFile;
import io.seawall.node.access.AccessList;
import io.seawall.node.access.Entry;
import io.seawall.node.access.Need;
import io.seawall.node.access.Reason;
import io.seawall.node.access.RefusalLimit;
import io.seawall.node.metrics.NodeMetrics;
import io.seawall.node.reload.ReloadedFiles;
import io.seawall.wal.WalException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides about every request by the access file. {@link #check} reads a changed file; what was admitted before is judged anew.
 * Thread-safe; only {@link #load} and {@link #check} block, and they are for one thread at a time.
 */
public final class AccessGuard {
    private final InstantSource clock;
    private final RefusalLimit limit;
    private final ReloadedFiles file;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile AccessList list = new AccessList(List.of()); // written by the thread that reads the file
    private volatile Consumer<Reason> counter = reason -> {}; // written once, before the servers start

    private AccessGuard(Path path, InstantSource clock, LongSupplier nanoTime) {
        this.clock = clock;
        this.limit = new RefusalLimit(nanoTime);
        this.file =
                new ReloadedFiles(List.of(path), contents -> list = AccessFile.parse(path.toString(), contents.get(0)));
        file.load();
    }

    /**
     * Reads the file.
     *
     * @param path the access file
     * @param clock the time of day, which entries expire by
     * @param nanoTime a monotonic clock, for the limit of refusals
     * @throws WalException with code INVALID if the file cannot be used
     */
    public static AccessGuard load(Path path, InstantSource clock, LongSupplier nanoTime) {
        return new AccessGuard(path, clock, nanoTime);
    }

    /** Shows what the guard does. */
    public void bind(NodeMetrics metrics) {
        counter = reason -> metrics.accessRefused(reason.label());
        metrics.gauge(
                "seawall.access.entries",
                "entries of the access file that is in use",
                () -> list.entries().size());
        metrics.gauge(
                "seawall.access.file.refused",
                "1 if a changed access file is refused, so that the old one is used",
                () -> file.isRefused() ? 1 : 0);
    }

    /** Uses the file if it has changed, and then calls the listeners. Blocks. */
    public void check() {
        var before = list;
        file.check();
        if (list != before) {
            listeners.forEach(Runnable::run);
        }
    }

    /** Adds what looks for sessions that are over, after each change of the file. It must not block. */
    public void addListener(Runnable onChange) {
        listeners.add(onChange);
    }

    /**
     * Finds the caller of a request.
     *
     * @throws WalException with code UNAUTHENTICATED if there is none that counts, OVERLOADED in place of it beyond the limit of
     *     refusals
     */
    public Session identify(Ask ask) {
        var now = list;
        var found = now.find(ask.presented(), clock.instant());
        var entry = found.entry();
        var refusal = found.refusal();
        if (entry == null || refusal != null) {
            var address = ask.addressKey();
            if (limit.isReached(address)) {
                counter.accept(Reason.LIMITED);
                throw Refusals.limited(ask);
            }
            var reason = refusal == null ? Reason.UNKNOWN : refusal;
            limit.refused(address);
            throw refuse(nameOf(entry), ask, "-", reason, Refusals.unknown(ask, reason, entry));
        }
        return new Known(ask, entry, now);
    }

    private static String nameOf(@Nullable Entry entry) {
        return entry == null ? "-" : entry.name();
    }

    private WalException refuse(String caller, Ask ask, String subject, Reason reason, WalException error) {
        counter.accept(reason);
        Audit.refused(caller, ask, subject, reason);
        return error;
    }

    /** What one caller may cause of refusals, apart from other callers of the same address. */
    private record CallerKey(Object address, String name) {}

    /** A request of a caller with an entry. */
    private final class Known implements Session {
        private final Ask ask;
        private final Entry entry;
        private volatile AccessList seen; // the list that the request was judged by last
        private volatile Need need = Need.KNOWN; // written once, before the request is carried out
        private volatile @Nullable WalException refused; // since a check; it is counted once

        Known(Ask ask, Entry entry, AccessList seen) {
            this.ask = ask;
            this.entry = entry;
            this.seen = seen;
        }

        @Override
        public void require(Need wanted) {
            need = wanted;
            if (!entry.allows(wanted)) {
                var key = new CallerKey(ask.addressKey(), entry.name());
                if (limit.isReached(key)) {
                    counter.accept(Reason.LIMITED);
                    throw Refusals.limited(ask);
                }
                limit.refused(key);
                throw forbidden(entry);
            }
        }

        private WalException forbidden(Entry by) {
            return refuse(by.name(), ask, need.subject(), Reason.FORBIDDEN, Refusals.forbidden(ask, by, need));
        }

        @Override
        public boolean sees(String topic) {
            return entry.allows(Need.toSee(topic));
        }

        @Override
        public void check() {
            var before = refused;
            if (before != null) {
                throw before;
            }
            try {
                judge();
            } catch (WalException over) {
                refused = over;
                throw over;
            }
        }

        private void judge() {
            var now = list;
            if (now == seen && !isOver(entry)) {
                return;
            }
            var present = now.same(entry);
            if (present.isEmpty()) {
                throw over(Reason.UNKNOWN, entry);
            }
            if (isOver(present.get())) {
                throw over(Reason.EXPIRED, present.get());
            }
            if (!present.get().allows(need)) {
                throw forbidden(present.get());
            }
            // Another time of expiry counts too, so the old entry must not be asked again.
            if (present.get().equals(entry)) {
                seen = now;
            }
        }

        private boolean isOver(Entry which) {
            return which.expires().isPresent() && which.isExpired(now());
        }

        private Instant now() {
            return clock.instant();
        }

        private WalException over(Reason reason, Entry by) {
            return refuse(entry.name(), ask, need.subject(), reason, Refusals.unknown(ask, reason, by));
        }

        @Override
        public void finished(String result) {
            if (need.isAudited()) {
                Audit.done(entry.name(), ask, need.subject(), result);
            }
        }
    }
}
