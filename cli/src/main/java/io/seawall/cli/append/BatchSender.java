package io.seawall.cli.append;

import com.fasterxml.jackson.databind.JsonNode;
import io.seawall.cli.client.NodeClient;
import io.seawall.cli.client.NodeFailure;
import io.seawall.cli.client.RetryDeadline;
import io.seawall.cli.command.CommandFailed;
import io.seawall.wal.Effect;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Sends numbered batches until they are acknowledged. Retries after a lost answer, a restart of the node or a change of the
 * owner: the log recognizes by the number whether it has the batch. Used by several threads, each with its own batch.
 */
final class BatchSender {
    private static final long FIRST_PAUSE_MS = 50;
    private static final int LONGEST_PAUSE_DOUBLINGS = 5;

    private static final String SEQUENCE_GAP = "SEQUENCE_GAP";

    /** The codes of errors that pass by themselves. */
    private static final Set<String> RETRYABLE = Set.of(
            "OVERLOADED", "UNAVAILABLE", "SHUTTING_DOWN", "OUTCOME_UNKNOWN", "NO_ANSWER", NodeClient.UNREACHABLE);

    /** The codes of errors that pass by themselves after the log was reached; before that they mean a wrong address or name. */
    private static final Set<String> RETRYABLE_ONCE_REACHED =
            Set.of("NO_CONNECTION", "NOT_OWNER", "NOT_FOUND", "FENCED");

    private final NodeClient client;
    private final URI given;
    private final SessionWindow window;
    private final RetryDeadline retryDeadline;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile URI target; // written after each answer, read before each request

    BatchSender(NodeClient client, URI given, SessionWindow window, RetryDeadline retryDeadline) {
        this.client = client;
        this.given = given;
        this.window = window;
        this.retryDeadline = retryDeadline;
        this.target = given;
    }

    /**
     * Sends a batch until it is acknowledged or the run is over, and reports the result to the window.
     *
     * @param onTheWire called when the body of the first request has been handed to the connection, so that the next batch
     *     follows it and does not overtake it; may be called more than once
     */
    void send(SessionWindow.Numbered batch, Runnable onTheWire) throws InterruptedException {
        var body = new Handover(batch.body(), onTheWire);
        for (var attempt = 0; !window.isOver(); attempt++) {
            var oldest = window.isOldest(batch);
            try {
                // After a redirect, address the owner directly, so that each batch crosses the network once.
                var answer = client.append(target, body, batch.writer());
                target = answer.from();
                accept(batch, answer.body());
                return;
            } catch (NodeFailure failure) {
                onTheWire.run();
                window.attemptFailed(batch, failure.effect());
                if (failure.code().equals(SEQUENCE_GAP) && !oldest) {
                    window.awaitOldest(batch); // it overtook the batch before it, or that batch is being sent again
                } else if (isWorthAnotherAttempt(batch, failure)) {
                    target = given; // the owner may have changed
                    pause(attempt);
                } else {
                    window.awaitOldest(batch);
                    window.fail(failure);
                }
            }
        }
    }

    private void accept(SessionWindow.Numbered batch, JsonNode acknowledgement) {
        // The log already has this number although this run never sent it: another run uses the same session.
        if (acknowledgement.path("repeated").asBoolean() && !window.mayBeWritten(batch)) {
            throw new NodeFailure(
                    "SESSION_IN_USE",
                    Effect.NONE,
                    "the log has a batch " + batch.writer()
                            + " of an earlier or another run; use another --writer, or continue at the right number with --seq");
        }
        retryDeadline.renew();
        window.acknowledged(batch, acknowledgement);
    }

    private boolean isWorthAnotherAttempt(SessionWindow.Numbered batch, NodeFailure failure) {
        var reached = window.totals().records() > 0 || window.mayBeWritten(batch);
        return !retryDeadline.isOver()
                && (RETRYABLE.contains(failure.code()) || (reached && RETRYABLE_ONCE_REACHED.contains(failure.code())));
    }

    private void pause(int attempt) throws InterruptedException {
        var pauseMs = FIRST_PAUSE_MS << Math.min(attempt, LONGEST_PAUSE_DOUBLINGS);
        if (stopped.await(pauseMs, TimeUnit.MILLISECONDS)) {
            window.fail(new CommandFailed("stopped while retrying"));
        }
    }

    /** Ends the pauses of all threads that wait to retry. */
    void stop() {
        stopped.countDown();
    }
}
