package io.seawall.client.internal.write;

import com.google.protobuf.ByteString;
import io.seawall.api.v1.WalRecord;
import io.seawall.client.internal.rpc.CallFailure;
import io.seawall.client.log.Ack;
import io.seawall.client.log.Codes;
import io.seawall.client.log.Effect;
import io.seawall.client.log.SeawallException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A writer's machine, three nodes of which one owns the log, and the network between them, in one thread. Answers are lost, calls
 * are cut, owners move, batches are refused, time passes, and what was sent on a call that is cut may reach the log at any later
 * time. At the end a judge compares the log with the answers. A seed repeats a run.
 */
final class WriterWorld implements Reconnects {
    private static final boolean TRACE = Boolean.getBoolean("writer.trace");
    private static final int NODES = 3;
    private static final int STEPS = 400;
    private static final int CALM_STEPS = 5_000;
    private static final long CALM_MS = 10;

    private final SplittableRandom random;
    private final ModelLog log = new ModelLog();
    private final WriterMachine machine;
    private final Map<Integer, Call> calls = new HashMap<>();
    private final List<Outcome> outcomes = new ArrayList<>();
    private final Map<PendingAppend, Integer> numbers = new HashMap<>();
    private final List<Integer> sizes = new ArrayList<>();
    private final boolean session;
    private final boolean named;
    private final boolean stopAtFailure;

    /**
     * Whether nothing happens that may end the writer: no time-out, no lost session, no answer without an outcome, no batch that is
     * refused for what is in it.
     */
    private final boolean gentle;

    private final int limit; // of a batch in bytes, 0 for none
    private long nowMs;
    private int owner;
    private int address;
    private int answered;
    private boolean calm;
    private int sessions;
    private String lastSession = "";
    private String violation = "";

    /** What became of an append. */
    private static final class Outcome {
        @Nullable
        Ack ack;

        @Nullable
        SeawallException error;

        boolean isOpen() {
            return ack == null && error == null;
        }
    }

    /** A call between the machine and a node. */
    private static final class Call {
        final int node;
        final @Nullable String session;
        final Deque<Message> toNode = new ArrayDeque<>();
        final Deque<Runnable> toClient = new ArrayDeque<>();
        boolean opened;
        boolean endedByNode; // it answers nothing any more
        boolean cut; // the client hears nothing any more

        Call(int node, @Nullable String session) {
            this.node = node;
            this.session = session;
        }
    }

    private record Message(
            long seq, List<Integer> appends, @Nullable Long ifTail) {}

    private WriterWorld(long seed) {
        random = new SplittableRandom(seed);
        var kind = random.nextInt(10);
        session = kind > 0;
        named = kind == 1 || kind == 2;
        gentle = session && !named && random.nextInt(3) > 0;
        stopAtFailure = random.nextInt(5) == 0;
        limit = random.nextInt(3) == 0 ? 60 : 0;
        owner = random.nextInt(NODES);
        var id = named ? "chosen" : session ? "s0" : null;
        lastSession = id == null ? "" : id;
        machine = new WriterMachine(
                new MachineSettings(
                        "log-0",
                        id,
                        0,
                        session && !named ? () -> lastSession = "s" + ++sessions : null,
                        false,
                        stopAtFailure,
                        gentle ? Long.MAX_VALUE / 4 : 200,
                        gentle ? Long.MAX_VALUE / 4 : 100),
                this);
    }

    /** Runs a seed; returns what it broke, or an empty text. */
    static String violation(long seed) {
        var world = new WriterWorld(seed);
        try {
            world.run();
        } catch (RuntimeException bug) {
            return "seed " + seed + " threw " + bug;
        }
        return world.violation.isEmpty() ? "" : "seed " + seed + ": " + world.violation;
    }

    private void run() {
        for (var step = 0; step < STEPS; step++) {
            step();
        }
        calm = true;
        for (var step = 0; step < CALM_STEPS && !isDone(); step++) {
            step();
        }
        if (!isDone()) {
            broke("some appends were never answered");
        }
        // The worst that loose copies can do: all of them reach the log now, the owner being any node.
        for (var node = 0; node < NODES; node++) {
            owner = node;
            for (var call : calls.values()) {
                call.endedByNode = false;
                while (!call.toNode.isEmpty()) {
                    receive(call);
                }
            }
        }
        judge();
    }

    private boolean isDone() {
        return machine.isEnded() || (machine.isEmpty() && outcomes.stream().noneMatch(Outcome::isOpen));
    }

    private void step() {
        switch (random.nextInt(12)) {
            case 0, 1 -> add();
            case 2, 3, 4 -> toNode();
            case 5, 6, 7 -> toClient();
            case 8 -> pass(calm ? CALM_MS : random.nextInt(gentle ? 20 : 60));
            case 9 -> cut();
            case 10 -> disturb();
            default -> {
                if (random.nextInt(4) == 0) {
                    log.appendOfAnother();
                }
            }
        }
        carryOut();
    }

    private void pass(long ms) {
        nowMs += ms;
        machine.tick(nowMs);
    }

    private void add() {
        if (calm || machine.room() == 0) {
            return;
        }
        var appends = new ArrayList<PendingAppend>();
        var conditional = random.nextInt(8) == 0;
        var count = conditional || named ? 1 : 1 + random.nextInt(3);
        for (var at = 0; at < count; at++) {
            appends.add(append(
                    conditional && log.records.size() > 0 ? (long) log.records.size() - random.nextInt(2) : null));
        }
        var deadlineMs = gentle ? Long.MAX_VALUE / 4 : nowMs + 300 + outcomes.size();
        machine.add(new Batch(appends, deadlineMs), nowMs);
    }

    private PendingAppend append(@Nullable Long ifTail) {
        var first = outcomes.size();
        outcomes.add(new Outcome());
        var records = new ArrayList<WalRecord>();
        var size = 1 + random.nextInt(2);
        sizes.add(size);
        for (var at = 0; at < size; at++) {
            var padding = limit > 0 && random.nextInt(20) == 0 ? 80 : 0;
            records.add(WalRecord.newBuilder()
                    .setValue(ByteString.copyFromUtf8(first + "." + "x".repeat(padding)))
                    .build());
        }
        var append = new PendingAppend(records, ifTail);
        numbers.put(append, first);
        if (!gentle && random.nextInt(15) == 0) {
            log.poison(first);
        }
        return append;
    }

    private static int number(WalRecord record) {
        var text = record.getValue().toStringUtf8();
        return Integer.parseInt(text.substring(0, text.indexOf('.')));
    }

    private @Nullable Call anyCall() {
        if (calls.isEmpty()) {
            return null;
        }
        // The newest call most of the time, so that it gets somewhere.
        var newest = calls.size();
        return calls.get(random.nextInt(4) > 0 ? newest : 1 + random.nextInt(newest));
    }

    private void toNode() {
        var call = anyCall();
        if (call == null) {
            return;
        }
        if (!call.opened && !call.endedByNode) {
            call.opened = true;
            if (call.node == owner) {
                var number = number(call);
                call.toClient.add(() -> machine.opened(
                        number, new CallLimits(0, limit == 0 ? 0 : limit / 2, limit == 0 ? 0 : limit + 64), nowMs));
            } else {
                end(call);
            }
        } else if (!call.toNode.isEmpty() && (call.node == owner)) {
            receive(call);
        }
    }

    private int number(Call call) {
        return calls.entrySet().stream()
                .filter(entry -> entry.getValue() == call)
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    private void end(Call call) {
        call.endedByNode = true;
        var number = number(call);
        var known = random.nextBoolean() ? "" + owner : null;
        call.toClient.add(() -> machine.callEnded(
                number,
                new CallFailure(SeawallException.of(Codes.NOT_OWNER, "model").build(), true, known, 0),
                nowMs));
    }

    /** The node takes the next message of a call, which may be cut. */
    private void receive(Call call) {
        var message = call.toNode.remove();
        trace("node " + call.node + " takes " + message + " of session " + call.session);
        if (!calm && !call.endedByNode && random.nextInt(15) == 0) {
            answer(call, ModelLog.Answer.of(Codes.OVERLOADED));
            return;
        }
        if (log.isPoisoned(message.appends()) && call.session != null && !stopAtFailure && random.nextInt(3) == 0) {
            var behind = call.toNode.peek();
            var written = behind == null || behind.seq() != message.seq() + 1 || behind.ifTail() != null
                    ? null
                    : log.appendBehindRefused(call.session, message.seq(), behind.appends());
            answer(call, ModelLog.Answer.of(Codes.INVALID));
            if (written != null) {
                call.toNode.remove();
                answer(call, written);
            }
            return;
        }
        if (!calm && !gentle && random.nextInt(60) == 0) {
            if (random.nextBoolean()) {
                var ignored = log.append(call.session, message.seq(), message.appends(), message.ifTail());
            }
            answer(call, ModelLog.Answer.of(Codes.OUTCOME_UNKNOWN, Effect.UNKNOWN, Map.of()));
            return;
        }
        answer(call, log.append(call.session, message.seq(), message.appends(), message.ifTail()));
    }

    private void answer(Call call, ModelLog.Answer answer) {
        var number = number(call);
        var ack = answer.ack();
        var problem = answer.problem();
        call.toClient.add(() -> {
            trace("answer on call " + number + ": " + answer);
            if (ack != null) {
                machine.acknowledged(number, ack, nowMs);
            } else if (problem != null) {
                machine.refused(number, problem, nowMs);
            }
        });
    }

    private void toClient() {
        var call = anyCall();
        if (call != null && !call.cut && !call.toClient.isEmpty()) {
            call.toClient.remove().run();
        }
    }

    private void cut() {
        var call = anyCall();
        if (call != null && !call.cut && (calm ? random.nextInt(40) == 0 : random.nextInt(3) == 0)) {
            call.cut = true;
            trace("cut of call " + number(call));
            machine.callEnded(number(call), CallFailure.unavailable("model: cut"), nowMs);
        }
    }

    private void disturb() {
        if (calm) {
            return;
        }
        switch (random.nextInt(gentle ? 2 : 3)) {
            case 0 -> {
                owner = random.nextInt(NODES);
                for (var call : calls.values()) {
                    if (call.node != owner && call.opened && !call.endedByNode) {
                        end(call);
                    }
                }
            }
            case 1 -> log.appendOfAnother();
            default -> {
                // It takes days until a log forgets a session: nothing of it is still on its way.
                if (random.nextInt(5) == 0
                        && log.isLong(lastSession)
                        && calls.values().stream().allMatch(call -> call.cut || call.toNode.isEmpty())) {
                    log.forget(lastSession);
                    calls.values().forEach(call -> call.toNode.clear());
                }
            }
        }
    }

    private Call call(int number) {
        return Objects.requireNonNull(calls.get(number));
    }

    private void carryOut() {
        for (var decisions = machine.take(); !decisions.isEmpty(); decisions = machine.take()) {
            decisions.forEach(this::carryOut);
        }
    }

    private void carryOut(Decision decision) {
        trace(decision);
        if (decision instanceof Decision.Open open) {
            calls.put(open.call(), new Call(calm ? owner : address, open.session()));
        } else if (decision instanceof Decision.Send send) {
            var appends =
                    send.batch().allRecords().stream().map(WriterWorld::number).toList();
            call(send.call())
                    .toNode
                    .add(new Message(send.seq(), appends, send.batch().ifTail()));
        } else if (decision instanceof Decision.Cancel cancel) {
            call(cancel.call()).cut = true;
        } else if (decision instanceof Decision.Acknowledge acknowledge) {
            var first = acknowledge.ack().first();
            for (var append : acknowledge.batch().appends()) {
                complete(append, new Ack(1, first, first + append.records.size() - 1, false), null);
                first += append.records.size();
            }
        } else if (decision instanceof Decision.Fail fail) {
            fail.batch().appends().forEach(append -> complete(append, null, fail.error()));
        }
    }

    private void complete(PendingAppend append, @Nullable Ack ack, @Nullable SeawallException error) {
        var number = Objects.requireNonNull(numbers.get(append));
        var outcome = outcomes.get(number);
        if (number != answered) {
            broke("append " + number + " was answered when it was the turn of " + answered);
        }
        answered++;
        outcome.ack = ack;
        outcome.error = error;
        if (gentle && error != null && !isOwnFault(error)) {
            broke("append " + number + " failed without need: " + error.getMessage());
        }
        var own = ack == null ? "" : "" + ack.first();
        if (ack != null
                && (ack.first() >= log.records.size()
                        || !log.records.get((int) ack.first()).equals(number))) {
            broke("append " + number + " was acknowledged at LSN " + own + ", where it is not");
        }
    }

    private boolean isOwnFault(SeawallException error) {
        return switch (error.code()) {
            case Codes.TOO_LARGE -> limit > 0;
            case Codes.TAIL_MISMATCH -> true;
            case Codes.CLOSED -> stopAtFailure;
            default -> stopAtFailure && error.is(Codes.OUTCOME_UNKNOWN);
        };
    }

    @Override
    public long failed(CallFailure failure) {
        var known = failure.owner();
        address = known == null ? random.nextInt(NODES) : Integer.parseInt(known);
        return random.nextInt(3) == 0 ? 0 : random.nextInt(20);
    }

    @Override
    public void succeeded() {
        // pauses are random here
    }

    private void judge() {
        var previous = -1;
        var failed = false;
        for (var number = 0; number < outcomes.size(); number++) {
            var outcome = outcomes.get(number);
            var first = log.records.indexOf(number);
            var last = log.records.lastIndexOf(number);
            if (outcome.isOpen()) {
                broke("append " + number + " has no answer");
            } else if (first >= 0 && Collections.frequency(log.records, number) != (int) sizes.get(number)) {
                broke("append " + number + " is not in the log once, but from " + first + " to " + last);
            } else if (outcome.ack != null && (first != outcome.ack.first() || last != outcome.ack.last())) {
                broke("append " + number + " is at " + first + " to " + last + " and was acknowledged as "
                        + outcome.ack);
            } else if (outcome.error != null && outcome.error.effect() == Effect.NONE && first >= 0) {
                broke("append " + number + " is in the log and failed without effect: " + outcome.error.getMessage());
            } else if (stopAtFailure && failed && outcome.ack != null) {
                broke("append " + number + " was acknowledged after one before it had failed");
            }
            if (first >= 0 && (session || outcome.ack != null)) {
                if (first < previous) {
                    broke("append " + number + " is in front of one that was appended before it");
                }
                previous = last;
            }
            failed |= outcome.error != null;
        }
    }

    /** With -Dwriter.trace=true, prints what happens; to be used with one seed. */
    private void trace(Object what) {
        if (TRACE) {
            System.out.println(nowMs + " " + what);
        }
    }

    private void broke(String what) {
        if (violation.isEmpty()) {
            violation = what;
        }
    }
}
