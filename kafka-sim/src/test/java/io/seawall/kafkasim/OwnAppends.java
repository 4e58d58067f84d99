package io.seawall.kafkasim;

import io.seawall.wal.AppendRequest;
import io.seawall.wal.Appended;
import io.seawall.wal.WalException;
import io.seawall.wal.WalRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The appends to one log with their answers and times, for runs in which the log's promises end. */
final class OwnAppends {
    private final SimWorld world;
    private final Opened log;
    private final List<Asked> asked = new ArrayList<>();

    OwnAppends(SimWorld world, Opened log) {
        this.world = world;
        this.log = log;
    }

    /** One append and its answer. */
    static final class Asked {
        private final long atUs;
        private final String value;
        private long answeredUs = -1;
        private @Nullable Appended appended;
        private @Nullable WalException failed;

        private Asked(long atUs, String value) {
            this.atUs = atUs;
            this.value = value;
        }

        long atUs() {
            return atUs;
        }

        /** Returns how long the caller has waited, or waited until the answer. */
        long waitedUs(long nowUs) {
            return (answeredUs < 0 ? nowUs : answeredUs) - atUs;
        }

        @Nullable
        Appended appended() {
            return appended;
        }

        @Override
        public String toString() {
            return value.strip() + " asked for at " + atUs + ", answered at " + answeredUs + ": "
                    + (appended == null ? failed : appended);
        }
    }

    /** Appends one record. */
    void append(String value) {
        var one = new Asked(world.loop().nowUs(), value);
        asked.add(one);
        var request = AppendRequest.of(List.of(WalRecord.of(value.getBytes(StandardCharsets.UTF_8))));
        world.trace().add(() -> "appends " + value);
        FutureListeners.listen(log.wal().append(request), (at, error) -> {
            one.answeredUs = world.loop().nowUs();
            one.appended = at;
            one.failed = error instanceof WalException problem ? problem : null;
            world.trace().add(() -> "is told " + one);
        });
    }

    List<Asked> asked() {
        return asked;
    }

    /** Returns the acknowledged appends, in the order of the requests. */
    List<Asked> acknowledged() {
        return asked.stream().filter(one -> one.appended != null).toList();
    }
}
