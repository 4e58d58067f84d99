package io.seawall.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.lifetime.FlusherHook;
import io.seawall.wal.ErrorCode;
import io.seawall.wal.FlushableWal;
import io.seawall.wal.WalException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes the flusher's place: gets the logs themselves, while callers only get handles of them. */
final class RegisteredLogs implements FlusherHook {
    private final Set<FlushableWal> registered = ConcurrentHashMap.newKeySet();
    private final List<FlushableWal> seen = new CopyOnWriteArrayList<>();

    @Override
    public void register(FlushableWal wal) {
        assertThat(registered.add(wal)).as("registered once").isTrue();
        seen.add(wal);
    }

    @Override
    public void unregister(FlushableWal wal) {
        assertThat(registered.remove(wal)).as("unregistered once").isTrue();
    }

    /** Returns the terms of the registered logs. */
    List<Long> terms() {
        return registered.stream().map(FlushableWal::term).toList();
    }

    /** Returns how the logs that were registered answer an append now, in the order in which they were opened. */
    List<ErrorCode> refusals() {
        return seen.stream().map(RegisteredLogs::refusal).toList();
    }

    private static ErrorCode refusal(FlushableWal wal) {
        try {
            var appended = wal.append(new byte[1]).join();
            throw new AssertionError("a log that is gone took an append: " + appended);
        } catch (CompletionException refused) {
            return code(refused);
        }
    }

    /** Returns the code of our error with which a future failed. */
    static ErrorCode code(CompletionException failed) {
        if (failed.getCause() instanceof WalException known) {
            return known.code();
        }
        throw new AssertionError("not one of our errors", failed);
    }
}
