package io.seawall.cli.dev;

import io.seawall.cli.command.CommandFailed;
import io.seawall.cli.command.Running;
import io.seawall.cli.command.Stdio;
import io.seawall.cli.dev.BrokerLauncher.RunningBroker;

/**
 * Watches the broker of {@code dev}: if it ends by itself, that is said once, and it is started again or {@code dev} ends. The
 * watching runs on a thread of the broker's future, one end after the other.
 */
final class DevBroker {
    /** A broker that ends again and again needs a person. */
    static final int MOST_RESTARTS = 20;

    private final Stdio stdio;
    private final Running running;
    private final RunningBroker broker;
    private final boolean restart;
    private final Runnable lost;
    private int restarts; // used by the thread that handles an end

    /**
     * Creates a watch that has not begun.
     *
     * @param stdio where ends are reported
     * @param running tells whether the broker is being stopped
     * @param broker a started broker
     * @param restart whether to start it again
     * @param lost called once if it ended and stays so
     */
    DevBroker(Stdio stdio, Running running, RunningBroker broker, boolean restart, Runnable lost) {
        this.stdio = stdio;
        this.running = running;
        this.broker = broker;
        this.restart = restart;
        this.lost = lost;
    }

    /** Watches for the next end. */
    void watch() {
        var unused = broker.ended().thenAcceptAsync(this::onEnd);
    }

    private void onEnd(String why) {
        if (running.isClosing()) {
            return; // Ctrl-C in a terminal reaches the broker too, which then ends before the node
        }
        if (!restart) {
            stop(why + "; dev stops, because nothing works without it (--restart would start it again)");
        } else if (restarts == MOST_RESTARTS) {
            stop(why + "; dev stops, because it has started it again " + MOST_RESTARTS + " times");
        } else {
            restarts++;
            say(why + "; starting it again ...");
            startAgain();
        }
    }

    private void startAgain() {
        try {
            broker.restart();
        } catch (CommandFailed failed) {
            if (!running.isClosing()) {
                stop("it does not start, so dev stops: " + failed.getMessage());
            }
            return;
        }
        say("the Kafka broker answers again");
        watch();
    }

    private void stop(String why) {
        say(why);
        lost.run();
    }

    private void say(String sentence) {
        stdio.err().println("seawall: " + sentence);
    }
}
