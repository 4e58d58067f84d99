package io.seawall.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.seawall.wal.Effect;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Sends numbered batches until they are acknowledged. A lost answer, a restarted node and a new owner are no errors here: the
 * log knows by the number whether it has the batch. Used by several threads, one batch each.
 */
final class BatchSender {
    private static final long FIRST_PAUSE_MS = 50;
    private static final int LONGEST_PAUSE_DOUBLINGS = 5;

    private static final String SEQUENCE_GAP = "SEQUENCE_GAP";

    /** What passes by itself. */
    private static final Set<String> PASSING =
            Set.of("OVERLOADED", "UNAVAILABLE", "SHUTTING_DOWN", "OUTCOME_UNKNOWN", "NO_ANSWER");

    /** What passes where the log was reached before; on the first request it is a wrong address or a wrong name. */
    private static final Set<String> PASSING_ONCE_REACHED = Set.of("NO_CONNECTION", "NOT_OWNER", "NOT_FOUND", "FENCED");

    private final NodeClient client;
    private final URI given;
    private final SessionWindow window;
    private final Patience patience;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile URI target; // written after each answer, read before each request

    BatchSender(NodeClient client, URI given, SessionWindow window, Patience patience) {
        this.client = client;
        this.given = given;
        this.window = window;
        this.patience = patience;
        this.target = given;
    }

    /**
     * Sends a batch until it is acknowledged or the run is over; in the end the window knows.
     *
     * @param onTheWire run when the body of the first request is handed over, so that the next batch follows it and does not
     *     overtake it; may be run more than once
     */
    void send(SessionWindow.Numbered batch, Runnable onTheWire) throws InterruptedException {
        var body = new Handover(batch.body(), onTheWire);
        for (var attempt = 0; !window.isOver(); attempt++) {
            var oldest = window.isOldest(batch);
            try {
                // Once redirected, the owner is asked directly, so that each batch crosses the network once.
                var answer = client.append(target, body, batch.writer());
                target = answer.from();
                accept(batch, answer.body());
                return;
            } catch (NodeFailure failure) {
                onTheWire.run();
                window.attemptFailed(batch, failure.effect());
                if (failure.code().equals(SEQUENCE_GAP) && !oldest) {
                    window.awaitOldest(batch); // it overtook the batch before it, or that one is being sent again
                } else if (isWorthAnotherAttempt(batch, failure)) {
                    target = given; // the owner may be another one by now
                    pause(attempt);
                } else {
                    window.awaitOldest(batch);
                    window.fail(failure);
                }
            }
        }
    }

    private void accept(SessionWindow.Numbered batch, JsonNode acknowledgement) {
        if (acknowledgement.path("repeated").asBoolean() && !window.mayBeWritten(batch)) {
            throw new NodeFailure(
                    "SESSION_IN_USE",
                    Effect.NONE,
                    "the log has a batch " + batch.writer()
                            + " of an earlier or another run; give another --writer, or with --seq the number to go on with");
        }
        patience.renew();
        window.acknowledged(batch, acknowledgement);
    }

    private boolean isWorthAnotherAttempt(SessionWindow.Numbered batch, NodeFailure failure) {
        var reached = window.totals().records() > 0 || window.mayBeWritten(batch);
        return !patience.isOver()
                && (PASSING.contains(failure.code()) || (reached && PASSING_ONCE_REACHED.contains(failure.code())));
    }

    private void pause(int attempt) throws InterruptedException {
        var pauseMs = FIRST_PAUSE_MS << Math.min(attempt, LONGEST_PAUSE_DOUBLINGS);
        if (stopped.await(pauseMs, TimeUnit.MILLISECONDS)) {
            window.fail(new CommandFailed("stopped while trying again"));
        }
    }

    /** Ends the pauses of whoever still waits to try again. */
    void stop() {
        stopped.countDown();
    }
}
