package io.seawall.kafkasim;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * One client's connection to the brokers: requests and responses arrive in the order of sending. When something is lost the
 * connection breaks, together with every request in progress; the client notices and may repeat them on the next connection.
 */
final class Connection {
    private static final long REQUEST_TIMEOUT_US = 10_000_000;

    private final SimProcess process;
    private final EventLoop loop;
    private final Faults faults;
    private final List<Call<?>> underWay = new ArrayList<>();
    private long lastArrivalUs;
    private long lastAnswerUs;
    private boolean breaking;
    private boolean watching;
    private boolean closed;

    Connection(SimProcess process, EventLoop loop, Faults faults) {
        this.process = process;
        this.loop = loop;
        this.faults = faults;
    }

    /** The broker's side of a request. */
    @FunctionalInterface
    interface Handler<A> {
        /** Handles the request; answers once, at once or later, or never. */
        void handle(Consumer<A> answer);
    }

    /**
     * Sends a request; exactly one of the last two is called, unless the connection is closed before.
     *
     * @param handler the broker's side
     * @param answered receives the answer
     * @param lost called if no answer will come; the request may or may not be carried out
     */
    <A> void call(Handler<A> handler, Consumer<A> answered, Runnable lost) {
        var call = new Call<>(answered, lost, loop.nowUs());
        underWay.add(call);
        if (breaking || process.isCutOff() || faults.strikes(Fault.REQUEST_LOST)) {
            startBreaking();
        } else if (faults.strikes(Fault.REQUEST_STUCK)) {
            startBreaking();
            loop.after(faults.between(1_000, Faults.LONGEST_STUCK_US), () -> handler.handle(late -> {}));
        } else {
            lastArrivalUs = Math.max(lastArrivalUs, loop.nowUs() + faults.travelUs());
            loop.after(lastArrivalUs - loop.nowUs(), () -> handler.handle(answer -> send(call, answer)));
        }
        watchOldest();
    }

    /** Uses one timer for all requests: they are answered in order, so the oldest one is the first to be late. */
    private void watchOldest() {
        if (watching || underWay.isEmpty()) {
            return;
        }
        watching = true;
        loop.after(underWay.get(0).sentUs + REQUEST_TIMEOUT_US - loop.nowUs(), () -> {
            watching = false;
            if (!underWay.isEmpty() && loop.nowUs() >= underWay.get(0).sentUs + REQUEST_TIMEOUT_US) {
                breakUp();
            }
            watchOldest();
        });
    }

    private <A> void send(Call<A> call, A answer) {
        if (breaking || process.isCutOff() || faults.strikes(Fault.ANSWER_LOST)) {
            startBreaking();
            return;
        }
        lastAnswerUs = Math.max(lastAnswerUs, loop.nowUs() + faults.travelUs());
        loop.after(
                lastAnswerUs - loop.nowUs(),
                () -> process.run(() -> {
                    if (!closed && underWay.remove(call)) {
                        call.answered.accept(answer);
                    }
                }));
    }

    /** Stops all traffic; the client notices a little later. */
    private void startBreaking() {
        if (!breaking) {
            breaking = true;
            loop.after(faults.between(200, 30_000), this::breakUp);
        }
    }

    private void breakUp() {
        breaking = false;
        var broken = List.copyOf(underWay);
        underWay.clear();
        process.run(() -> {
            if (!closed) {
                broken.forEach(call -> call.lost.run());
            }
        });
    }

    /** Drops all further answers; requests that were sent still arrive. */
    void close() {
        closed = true;
        underWay.clear();
    }

    private static final class Call<A> {
        private final Consumer<A> answered;
        private final Runnable lost;
        private final long sentUs;

        Call(Consumer<A> answered, Runnable lost, long sentUs) {
            this.answered = answered;
            this.lost = lost;
            this.sentUs = sentUs;
        }
    }
}
