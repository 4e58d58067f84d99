package io.seawall.client.internal.read;

import io.seawall.api.v1.ReadResponse;
import io.seawall.client.internal.rpc.CallFailure;
import io.seawall.client.log.Codes;
import io.seawall.client.log.ReaderOptions;
import io.seawall.client.log.SeawallException;
import io.seawall.client.log.StartPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * All decisions of a reader: from where to read after a call has ended, whether a message follows the last one, and when to ask
 * for more. Has no threads, clock or I/O: events and the time go in, {@link #take decisions} come out. Used by one thread.
 *
 * <p>Memory is bounded by messages: those that are asked for and those that the user has not taken are together at most
 * {@link #most}.
 */
final class ReaderMachine {
    private static final long UNKNOWN = -1;
    private static final long NEVER = Long.MAX_VALUE;

    private final String pchannel;
    private final StartPosition from;
    private final ReaderOptions options;
    private final ToLongFunction<CallFailure> pauses;
    private final Runnable succeeded;
    private final int most;

    private List<ReadDecision> decisions = new ArrayList<>();
    private long next = UNKNOWN;
    private int calls;
    private int call; // the number of the open call; 0 without one
    private long pauseUntilMs;
    private long heardMs; // when the call was begun, gave its last message or was first asked for one again
    private long failingSinceMs = NEVER; // when the first failure was after the last message
    private int asked; // messages that the open call was asked for and has not given
    private int held; // messages that the user has not taken
    private boolean resting; // there is no call, since the user has to take messages first
    private boolean heard; // whether any node ever gave a message
    private boolean ended;

    /**
     * Creates a machine that opens its first call with the first {@link #tick}.
     *
     * @param pauses records a failure and returns how long to wait before the next call, in milliseconds
     * @param succeeded records a success
     */
    ReaderMachine(
            String pchannel,
            StartPosition from,
            ReaderOptions options,
            ToLongFunction<CallFailure> pauses,
            Runnable succeeded) {
        this.pchannel = pchannel;
        this.from = from;
        this.options = options;
        this.pauses = pauses;
        this.succeeded = succeeded;
        this.most = (int) Math.max(1, Math.min(options.prefetchBytes() / options.messageBytes(), 1 << 10));
        if (from instanceof StartPosition.AtLsn lsn) {
            next = lsn.lsn();
        }
    }

    /** Returns the decisions since the last call of this method. */
    List<ReadDecision> take() {
        var taken = decisions;
        decisions = new ArrayList<>();
        return taken;
    }

    boolean isEnded() {
        return ended;
    }

    /** The call gave a message. */
    void message(int ofCall, ReadResponse message, long nowMs) {
        if (ofCall != call || ended) {
            return;
        }
        asked--;
        heardMs = nowMs;
        failingSinceMs = NEVER;
        succeeded.run();
        if (!follows(message)) {
            return;
        }
        decisions.add(new ReadDecision.Tail(message.getTail()));
        if (message.getRecordsCount() > 0) {
            held++;
            decisions.add(new ReadDecision.Deliver(message));
        }
        ask(nowMs);
    }

    /** Checks that a message begins where the last one ended and has no gap; otherwise ends the reader. */
    private boolean follows(ReadResponse message) {
        var first = message.getRecordsCount() > 0 ? message.getRecords(0).getLsn() : message.getNext();
        if (next == UNKNOWN) {
            next = first;
        }
        for (var record : message.getRecordsList()) {
            if (record.getLsn() != next) {
                end(notDense(record.getLsn(), next));
                return false;
            }
            next++;
        }
        if (message.getNext() != next) {
            end(notDense(message.getNext(), next));
            return false;
        }
        if (!heard) {
            heard = true;
            decisions.add(new ReadDecision.Started(first));
        }
        return true;
    }

    private SeawallException notDense(long found, long expected) {
        return SeawallException.of(
                        Codes.DATA_LOSS,
                        "cannot read " + pchannel + ": found LSN " + found + ", expected LSN " + expected + "; "
                                + (found > expected ? "records are missing" : "records came twice"))
                .pchannel(pchannel)
                .found("LSN " + found)
                .expected("LSN " + expected)
                .numbers(Map.of("found", found, "expected", expected))
                .build();
    }

    private void ask(long nowMs) {
        while (!ended && call != 0 && asked + held < most) {
            if (asked == 0) {
                heardMs = nowMs;
            }
            asked++;
            decisions.add(new ReadDecision.Request(call));
        }
    }

    /** The user took a message. */
    void taken(long nowMs) {
        held--;
        if (resting) {
            resting = false;
            open(nowMs);
        } else {
            ask(nowMs);
        }
    }

    /**
     * The call is over.
     *
     * @param failure why, or null if the node ended it because all was read
     */
    void callEnded(int ofCall, @Nullable CallFailure failure, long nowMs) {
        if (ofCall != call || ended) {
            return;
        }
        call = 0;
        asked = 0;
        if (failure == null && options.untilTail()) {
            end(null);
        } else {
            failed(failure == null ? unavailable("the node ended the call without an error") : failure, nowMs);
        }
    }

    private void failed(CallFailure failure, long nowMs) {
        if (held == most && failure.passes()) {
            resting = true; // a node ends calls whose client takes nothing; that is no failure
            return;
        }
        failingSinceMs = Math.min(failingSinceMs, nowMs);
        if (!passes(failure) || nowMs - failingSinceMs >= options.retryTimeout().toMillis()) {
            end(failure.error());
            return;
        }
        pauseUntilMs = nowMs + pauses.applyAsLong(failure);
        if (pauseUntilMs <= nowMs) {
            open(nowMs);
        }
    }

    /** After a first message, a node may be behind the one that gave it, or not know the log yet. */
    private boolean passes(CallFailure failure) {
        var error = failure.error();
        return failure.passes() || (heard && (error.is(Codes.BEYOND_TAIL) || error.is(Codes.NOT_FOUND)));
    }

    private CallFailure unavailable(String what) {
        return CallFailure.unavailable("cannot read " + pchannel + ": " + what);
    }

    private void open(long nowMs) {
        calls++;
        call = calls;
        heardMs = nowMs;
        asked = most - held;
        decisions.add(new ReadDecision.Open(call, next == UNKNOWN ? from : StartPosition.lsn(next), asked));
    }

    /** Time has passed. To be called at {@link #wakeAtMs}, and at any other time. */
    void tick(long nowMs) {
        if (ended || resting) {
            return;
        }
        if (call == 0) {
            if (pauseUntilMs <= nowMs || calls == 0) {
                open(nowMs);
            }
        } else if (asked > 0 && heardMs + options.silence().toMillis() <= nowMs) {
            var silent = call;
            decisions.add(new ReadDecision.Cancel(silent));
            callEnded(
                    silent,
                    unavailable("the node sent nothing for " + options.silence().toMillis() + " ms"),
                    nowMs);
        }
    }

    /** Returns when {@link #tick} has something to do; {@link Long#MAX_VALUE} for never. */
    long wakeAtMs() {
        if (ended || resting) {
            return NEVER;
        }
        if (call == 0) {
            return pauseUntilMs;
        }
        return asked > 0 ? heardMs + options.silence().toMillis() : NEVER;
    }

    /** Ends the reader. */
    void close() {
        if (!ended) {
            end(null);
        }
    }

    private void end(@Nullable SeawallException error) {
        ended = true;
        resting = false;
        if (call != 0) {
            decisions.add(new ReadDecision.Cancel(call));
            call = 0;
        }
        decisions.add(new ReadDecision.End(error));
    }
}
