package io.seawall.walkafka.internal.write;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import io.seawall.wal.WalRecord;
import io.seawall.walkafka.internal.format.HeaderNames;
import io.seawall.walkafka.settings.WalSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks that a batch keeps the limits on records and headers. */
final class AppendRules {
    private final PChannel pchannel;
    private final WalSettings.Limits limits;

    AppendRules(PChannel pchannel, WalSettings.Limits limits) {
        this.pchannel = pchannel;
        this.limits = limits;
    }

    /** Returns the error for the first rule that the batch breaks, or null. */
    @Nullable
    WalException check(List<WalRecord> batch) {
        if (batch.isEmpty() || batch.size() > WalSettings.Limits.BATCH_RECORDS) {
            return problem(batch.isEmpty() ? ErrorCode.INVALID : ErrorCode.TOO_LARGE)
                    .found("a batch of " + batch.size() + " records")
                    .expected("1 to " + WalSettings.Limits.BATCH_RECORDS)
                    .exception();
        }
        var total = 0L;
        for (var index = 0; index < batch.size(); index++) {
            var sizeBytes = batch.get(index).sizeBytes(); // once: it encodes every header's name
            var broken = check(batch.get(index), sizeBytes, index);
            if (broken != null) {
                return broken;
            }
            total += sizeBytes;
        }
        if (total > limits.windowBytes()) {
            return TooLargeErrors.ofTheWindow(pchannel, total, limits.windowBytes());
        }
        return null;
    }

    private @Nullable WalException check(WalRecord record, int sizeBytes, int index) {
        if (sizeBytes > limits.recordMaxBytes()) {
            return problem(ErrorCode.TOO_LARGE)
                    .found("record " + index + " with " + sizeBytes + " bytes of key, value and headers")
                    .expected("at most " + limits.recordMaxBytes() + " (wal.record.max.bytes)")
                    .exception();
        }
        var broken = HeaderNames.check(record.headers());
        return broken == null
                ? null
                : problem(ErrorCode.INVALID)
                        .found(broken.found() + " on record " + index)
                        .expected(broken.expected())
                        .exception();
    }

    /** Returns the error of an append that finds the queue full. */
    WalException overloaded(long queuedBytes) {
        return problem(ErrorCode.OVERLOADED)
                .found(queuedBytes + " bytes waiting")
                .expected("at most " + limits.queueBytes() + " (wal.queue.bytes)")
                .fix("retry once appends in flight are answered")
                .exception();
    }

    private Problem problem(ErrorCode code) {
        return Problem.of(code, "append to " + pchannel).pchannel(pchannel);
    }
}
