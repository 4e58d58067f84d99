package io.seawall.client.internal.read;

import io.seawall.api.v1.LogRecord;
import io.seawall.api.v1.ReadResponse;
import io.seawall.client.internal.rpc.CallFailure;
import io.seawall.client.log.Codes;
import io.seawall.client.log.ReaderOptions;
import io.seawall.client.log.SeawallException;
import io.seawall.client.log.StartPosition;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A reader's machine, a log that grows, and nodes that cut calls, fall silent and are behind, in one thread. A seed repeats a run.
 */
final class ReaderWorld {
    private static final int STEPS = 400;
    private static final int MOST_MESSAGES = 3;

    private final SplittableRandom random;
    private final ReaderMachine machine;
    private final StartPosition from;
    private final boolean untilTail;
    private final boolean faulty; // whether a node leaves out or repeats a record once
    private final List<Long> read = new ArrayList<>();
    private final Deque<ReadResponse> untaken = new ArrayDeque<>();
    private long nowMs;
    private long tail;
    private long oldest;
    private boolean calm;
    private boolean fault;
    private boolean ended;
    private @Nullable SeawallException error;
    private @Nullable Call call;
    private long started = -1;
    private String violation = "";

    private static final class Call {
        final int number;
        long next;
        int asked;
        boolean over;

        Call(int number, long next, int asked) {
            this.number = number;
            this.next = next;
            this.asked = asked;
        }
    }

    private ReaderWorld(long seed) {
        random = new SplittableRandom(seed);
        tail = random.nextInt(50);
        oldest = random.nextLong(tail + 1);
        from = switch (random.nextInt(3)) {
            case 0 -> StartPosition.oldest();
            case 1 -> StartPosition.tail();
            default -> StartPosition.lsn(oldest + random.nextLong(tail - oldest + 1));
        };
        untilTail = random.nextInt(3) == 0;
        faulty = random.nextInt(4) == 0;
        var options = ReaderOptions.defaults()
                .withUntilTail(untilTail)
                .withMessageBytes(1 << 10)
                .withPrefetchBytes(MOST_MESSAGES << 10)
                .withSilence(Duration.ofMillis(50));
        machine = new ReaderMachine("log-0", from, options, failure -> random.nextInt(20), () -> {});
    }

    /** Runs a seed; returns what it broke, or an empty text. */
    static String violation(long seed) {
        var world = new ReaderWorld(seed);
        world.run();
        return world.violation.isEmpty() ? "" : "seed " + seed + ": " + world.violation;
    }

    private void run() {
        machine.tick(nowMs);
        carryOut();
        for (var step = 0; step < STEPS && !ended; step++) {
            step();
        }
        calm = true;
        for (var step = 0; step < 20 * STEPS && !isDone(); step++) {
            step();
        }
        while (!untaken.isEmpty()) {
            take();
        }
        judge();
    }

    private boolean isDone() {
        return ended || (!untilTail && started >= 0 && read.size() == tail - started);
    }

    private void step() {
        switch (random.nextInt(10)) {
            case 0 -> tail += calm ? 0 : random.nextInt(5);
            case 1, 2, 3 -> send();
            case 4, 5 -> take();
            case 6, 7 -> {
                nowMs += random.nextInt(20);
                machine.tick(nowMs);
            }
            case 8 -> {
                if (random.nextBoolean()) {
                    cut();
                } else if (call != null && call.asked == 0) {
                    nowMs +=
                            100_000; // longer than the reader tries: the user takes nothing, and the node ends the call
                    var number = call.number;
                    call = null;
                    machine.callEnded(number, CallFailure.unavailable("model: stalled"), nowMs);
                }
            }
            default -> {
                if (call != null && !calm && random.nextInt(10) == 0) {
                    call.over = true; // silent from now on
                }
            }
        }
        carryOut();
    }

    private void send() {
        var open = call;
        if (open == null || open.over || open.asked == 0) {
            return;
        }
        if (open.next > tail - (calm ? 0 : random.nextInt(2)) && open.next > 0 && random.nextBoolean()) {
            call = null;
            machine.callEnded(
                    open.number,
                    new CallFailure(
                            SeawallException.of(Codes.BEYOND_TAIL, "model").build(), false, null, 0),
                    nowMs);
            return;
        }
        var count = (int) Math.min(random.nextInt(6), tail - open.next);
        var message = ReadResponse.newBuilder().setTail(tail).setOldest(oldest);
        for (var at = 0; at < count; at++) {
            message.addRecords(LogRecord.newBuilder().setLsn(open.next + at));
        }
        if (faulty && !fault && count > 2 && random.nextInt(10) == 0) {
            fault = true;
            if (random.nextBoolean()) {
                message.removeRecords(random.nextInt(count));
            } else {
                message.addRecords(random.nextInt(count), message.getRecords(random.nextInt(count)));
            }
        }
        open.next += count;
        open.asked--;
        machine.message(open.number, message.setNext(open.next).build(), nowMs);
        if (untilTail && open.next == tail) {
            machine.callEnded(open.number, null, nowMs);
        }
    }

    private void take() {
        if (!untaken.isEmpty()) {
            untaken.remove().getRecordsList().forEach(record -> read.add(record.getLsn()));
            machine.taken(nowMs);
        }
    }

    private void cut() {
        if (call != null && !calm) {
            var number = call.number;
            call = null;
            machine.callEnded(number, CallFailure.unavailable("model: cut"), nowMs);
        }
    }

    private void carryOut() {
        for (var decisions = machine.take(); !decisions.isEmpty(); decisions = machine.take()) {
            decisions.forEach(this::carryOut);
        }
    }

    private void carryOut(ReadDecision decision) {
        if (decision instanceof ReadDecision.Open open) {
            var next = open.from() instanceof StartPosition.AtLsn at
                    ? at.lsn()
                    : open.from() instanceof StartPosition.Tail ? tail : oldest;
            call = new Call(open.call(), next, open.messages());
        } else if (decision instanceof ReadDecision.Request request) {
            if (call == null || call.number != request.call()) {
                broke("asked on a call that is over");
            } else {
                call.asked++;
            }
        } else if (decision instanceof ReadDecision.Cancel) {
            call = null;
        } else if (decision instanceof ReadDecision.Started known) {
            started = known.lsn();
        } else if (decision instanceof ReadDecision.Deliver deliver) {
            untaken.add(deliver.message());
        } else if (decision instanceof ReadDecision.End end) {
            ended = true;
            error = end.error();
        }
        if (untaken.size() + (call == null ? 0 : call.asked) > MOST_MESSAGES) {
            broke("holds and asks for more messages than it may");
        }
    }

    private void judge() {
        for (var at = 0; at < read.size(); at++) {
            if (read.get(at) != started + at) {
                broke("record " + at + " has LSN " + read.get(at) + " after a start at " + started);
            }
        }
        if (fault != (error != null && error.is(Codes.DATA_LOSS))) {
            broke("a node skipped or repeated a record: " + fault + ", and the reader said: " + error);
        }
        if (error != null && !fault && started >= 0) {
            broke("ended without need: " + error);
        }
        if (error == null && !fault && read.size() != tail - started) {
            broke("read " + read.size() + " records of " + started + " to " + tail);
        }
        if (from instanceof StartPosition.AtLsn at && started >= 0 && started != at.lsn()) {
            broke("started at " + started + ", asked for " + at.lsn());
        }
    }

    private void broke(String what) {
        if (violation.isEmpty()) {
            violation = what;
        }
    }
}
