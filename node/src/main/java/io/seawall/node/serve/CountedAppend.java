package io.seawall.node.serve;

import io.seawall.node.metrics.NodeMetrics;
import io.seawall.wal.AppendRequest;
import io.seawall.wal.Appended;
import io.seawall.wal.FutureErrors;
import io.seawall.wal.Wal;
import io.seawall.wal.WalException;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Appends, and counts what became of the batch. */
public final class CountedAppend {
    private CountedAppend() {}

    /**
     * Appends a batch.
     *
     * @param bytes the size of its records: keys, values, headers
     * @return the answer of the log, which is counted before a caller sees it; also if the log throws an exception, so that callers
     *     have one way only to give back what they hold for the batch
     */
    public static CompletableFuture<Appended> append(Wal wal, AppendRequest request, long bytes, NodeMetrics metrics) {
        var sample = metrics.start();
        return answer(wal, request)
                .whenComplete((appended, failure) -> metrics.appended(
                        wal.pchannel(), request.batch().size(), bytes, result(appended, failure), sample));
    }

    private static CompletableFuture<Appended> answer(Wal wal, AppendRequest request) {
        try {
            return wal.append(request);
        } catch (RuntimeException thrown) {
            return CompletableFuture.failedFuture(thrown);
        }
    }

    private static String result(@Nullable Appended appended, @Nullable Throwable failure) {
        if (failure == null) {
            return appended != null && appended.repeated() ? "repeated" : "ok";
        }
        return FutureErrors.unwrapped(failure) instanceof WalException wal
                ? wal.code().name().toLowerCase(Locale.ROOT)
                : "internal";
    }
}
