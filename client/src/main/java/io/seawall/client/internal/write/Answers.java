package io.seawall.client.internal.write;

import io.seawall.client.log.Ack;
import io.seawall.client.log.Codes;
import io.seawall.client.log.Effect;
import io.seawall.client.log.SeawallException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What answers of a node mean. Pure functions. */
final class Answers {
    private Answers() {}

    /**
     * Returns what is wrong with an acknowledgement, or null. What is checked here no correct node does.
     *
     * @param lastLsn the LSN that was acknowledged last, or -1
     * @param ownSession whether no other program can know the session
     */
    static @Nullable String wrong(Batch batch, Ack ack, long lastLsn, boolean ownSession) {
        if (ack.last() - ack.first() + 1 != batch.records()) {
            return "it gave LSNs " + ack.first() + " to " + ack.last() + " to a batch of " + batch.records()
                    + " records";
        }
        if (ack.first() <= lastLsn) {
            return "it gave LSN " + ack.first() + " after LSN " + lastLsn;
        }
        return ack.repeated() && batch.wasSentOnce() && ownSession
                ? "it had batch " + batch.seq() + " before it was sent"
                : null;
    }

    /**
     * Returns whether a loose copy of the refused batch would be refused too, however late it comes: tails never go back. Of other
     * codes that is not known: another node may have other limits, and the brokers may refuse a record after the log has given it a
     * number and taken the batch behind it.
     */
    static boolean isFinal(Batch batch, SeawallException problem) {
        var ifTail = batch.ifTail();
        return problem.is(Codes.TAIL_MISMATCH)
                && ifTail != null
                && problem.number("tail").orElse(-1) > ifTail;
    }

    /** Returns whether the log dropped an idle session of which every batch that was sent before is acknowledged. */
    static boolean isForgotten(Batch batch, SeawallException problem, List<Batch> unanswered) {
        return problem.effect() == Effect.NONE
                && problem.number("expectedSeq").orElse(-1) == 0
                && batch.seq() > 0
                && unanswered.stream().noneMatch(Batch::isLoose);
    }

    /** Returns whether the batch itself is to blame, and not the state of the log. */
    static boolean isOfTheBatch(SeawallException problem) {
        return problem.is(Codes.INVALID) || problem.is(Codes.TOO_LARGE);
    }
}
