package io.seawall.walkafka;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import io.seawall.walkafka.KafkaWals.Holder;
import io.seawall.walkafka.port.LogCursor.Isolation;
import java.util.concurrent.CompletableFuture;

/**
 * Finds out what an error of the fencing kind meant. Kafka says the same when a rival took the transactional ids, when the own
 * transaction ran into its timeout, and when somebody foreign uses the ids; the log knows: a rival that won has claimed a higher
 * stamp there.
 */
final class FenceDiagnosis {
    /** A rival initializes first and claims a little later, so one look may come too early. */
    private static final int LOOKS = 10;

    private final PChannel pchannel;
    private final Stamp own;
    private final Shared shared;

    FenceDiagnosis(PChannel pchannel, Stamp own, Shared shared) {
        this.pchannel = pchannel;
        this.own = own;
        this.shared = shared;
    }

    /** Completes with the reason why the log ends; fails only if the log cannot be read. */
    CompletableFuture<WalException> run() {
        var cursor = shared.cursors().open(pchannel, Isolation.COMMITTED);
        var deadline = shared.time().deadline(shared.settings().timeouts().open());
        var scanner = new LogScanner(cursor, () -> deadline.isPast() ? unclear() : null);
        var looks = new int[1];
        var rival = new Holder[1];
        return Loop.until(
                        () -> rival[0] != null || looks[0] == LOOKS,
                        () -> shared.time()
                                .pause(shared.settings().timeouts().rivalGrace())
                                .thenComposeAsync(paused -> new HolderSearch(cursor, scanner).find(), shared.io())
                                .thenAccept(holder -> {
                                    looks[0]++;
                                    rival[0] = holder.filter(this::isRival).orElse(null);
                                }))
                .thenApply(done -> rival[0] == null ? unclear() : fenced(rival[0]))
                .whenComplete((reason, error) -> cursor.close());
    }

    private boolean isRival(Holder holder) {
        return new Stamp(holder.term(), holder.epoch()).isAbove(own);
    }

    private WalException fenced(Holder rival) {
        return Problem.of(ErrorCode.FENCED, "append to " + pchannel + " at term " + own.term())
                .pchannel(pchannel)
                .with("term", rival.term())
                .found(rival.toString())
                .expected("no term above " + own.term())
                .fix("append to the new owner")
                .exception();
    }

    private WalException unclear() {
        return Problem.of(ErrorCode.UNAVAILABLE, "append to " + pchannel + " at term " + own.term())
                .pchannel(pchannel)
                .found("the transactional ids taken away, and no higher term in the log")
                .fix("the own transaction ran into its timeout, or somebody foreign uses the ids; open a higher term")
                .exception();
    }
}
