package io.seawall.kafkalocal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One broker of a {@link LocalKafka}: a process that can be killed, paused, stopped and started again, on the same port and
 * data. Thread-safe; operations wait for each other and return when they have taken effect.
 */
public final class LocalBroker {
    private static final String STARTED = "Kafka Server started";
    private static final String PORT_TAKEN = "Address already in use";
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(15);
    private static final int CONNECT_MS = 1000;
    private static final int POLL_MS = 50;

    private final int id;
    private final BrokerAddress address;
    private final BrokerLog log;
    private final ProcessBuilder command;
    private final Spawner spawner;
    private final Duration startTimeout;

    /** Written under this object's lock; read by any thread. */
    private volatile @Nullable Process process;

    /** Where the log of the present run begins; guarded by this object's lock, as are the next two fields. */
    private long logStart;

    private boolean paused;
    private boolean closed;

    /** Whether a caller ended the present run. Each run has its own, as its end may be reported after the next run has begun. */
    private AtomicBoolean endRequested = new AtomicBoolean();

    private volatile Consumer<String> onUnexpectedEnd = sentence -> {}; // set once, before the first launch

    LocalBroker(
            int id, BrokerAddress address, ProcessBuilder command, BrokerLog log, Spawner spawner, Duration timeout) {
        this.id = id;
        this.address = address;
        this.command = command;
        this.log = log;
        this.spawner = spawner;
        this.startTimeout = timeout;
    }

    /** Returns the node id: 0 for the first broker. */
    public int id() {
        return id;
    }

    /** Returns the port on 127.0.0.1 for clients; the same after every restart. */
    public int port() {
        return address.port();
    }

    /**
     * Returns the port on 127.0.0.1 that a proxy connects to; the same after every restart.
     *
     * @throws IllegalStateException if the cluster was created without {@link LocalKafkaBuilder#proxyPorts}
     */
    public int detourPort() {
        var detour = address.detour();
        if (detour == null) {
            throw new IllegalStateException(this + " has no listener for a proxy: set proxyPorts");
        }
        return detour.port();
    }

    /** Returns the id of the process of the latest run, even after it died. */
    public long pid() {
        return running().pid();
    }

    /** Returns whether the process exists, paused or not. */
    public boolean isAlive() {
        var current = process;
        return current != null && current.isAlive();
    }

    /** Returns the file with the output of the broker process, of all runs. */
    public Path logFile() {
        return log.file();
    }

    /**
     * Starts the broker and waits until it is a member of the cluster and answers.
     *
     * @throws IllegalStateException if it is alive, or the cluster is closed
     * @throws LocalKafkaException if it dies or is not ready in time (then it is killed); the message ends with its log
     */
    public synchronized void start() {
        launch();
        awaitReady(Deadline.in(startTimeout));
    }

    /** Stops the broker as {@link #stop()} does if it is alive, and starts it. */
    public synchronized void restart() {
        stop();
        start();
    }

    /**
     * Stops the broker cleanly (SIGTERM), after resuming a paused one; kills it after 15 s. Does nothing if it is dead.
     */
    public synchronized void stop() {
        if (isAlive()) {
            terminate();
            awaitEnd(Deadline.in(STOP_TIMEOUT));
        }
    }

    /** Kills the broker at once (SIGKILL), paused or not. Does nothing if it is dead. */
    public synchronized void kill() {
        if (isAlive()) {
            endRequested.set(true);
            running().destroyForcibly();
            awaitEnd(Deadline.in(STOP_TIMEOUT));
        }
    }

    /**
     * Freezes the broker (SIGSTOP): its connections stay open but do not respond.
     *
     * @throws IllegalStateException if it is not alive
     */
    public synchronized void pause() {
        signal("STOP");
        paused = true;
    }

    /**
     * Resumes a paused broker (SIGCONT); does nothing if it is not paused.
     *
     * @throws IllegalStateException if it is not alive
     */
    public synchronized void resume() {
        signal("CONT");
        paused = false;
    }

    /** Sets a listener that gets a sentence about each end of the process that no caller requested. Set before the first launch. */
    void onUnexpectedEnd(Consumer<String> listener) {
        onUnexpectedEnd = listener;
    }

    private void noteEnd(Process ended, boolean requested) {
        if (!requested) {
            onUnexpectedEnd.accept("the Kafka " + this + " (process " + ended.pid() + ") ended with status "
                    + ended.exitValue() + " although no caller requested it; see the end of " + logFile());
        }
    }

    /** Starts the process and does not wait. */
    synchronized void launch() {
        if (closed || isAlive()) {
            throw new IllegalStateException(
                    "Cannot start " + this + ": " + (closed ? "the cluster is closed" : "it is running"));
        }
        try {
            logStart = log.size();
            var started = spawner.start(command);
            var requested = new AtomicBoolean();
            process = started;
            endRequested = requested;
            paused = false;
            var unused = started.onExit().thenAccept(ended -> noteEnd(ended, requested.get()));
        } catch (IOException e) {
            throw new LocalKafkaException("Cannot run " + this + " as " + command.command(), e);
        }
    }

    /**
     * Waits for a launched process. Kafka writes the last line of its start when the controller has admitted the broker
     * (registered and unfenced). So when all brokers have written it, a topic can be created on all of them.
     *
     * @throws PortTakenException if another process listens on one of its ports
     */
    synchronized void awaitReady(Deadline deadline) {
        try {
            var starting = running();
            while (!(log.since(logStart).contains(STARTED) && accepts())) {
                if (starting.waitFor(POLL_MS, TimeUnit.MILLISECONDS)) {
                    throw died(starting.exitValue());
                }
                if (deadline.isOver()) {
                    var end = log.endSince(logStart);
                    kill();
                    throw new LocalKafkaException(
                            this + " was not ready in time; the end of " + logFile() + ":\n" + end);
                }
            }
        } catch (IOException e) {
            throw new LocalKafkaException("Cannot read the log of " + this + ", " + logFile(), e);
        } catch (InterruptedException e) {
            throw LocalKafkaException.interrupted("start " + this, e);
        }
    }

    /** Asks the process to end and does not wait. Does nothing if it is dead. */
    synchronized void terminate() {
        if (isAlive()) {
            if (paused) {
                resume();
            }
            endRequested.set(true);
            // Not Process.destroy(): it also closes the broker's standard input, and then the broker halts at once.
            running().toHandle().destroy();
        }
    }

    /** Waits for the process to end, and kills it if it does not end in time. */
    synchronized void awaitEnd(Deadline deadline) {
        try {
            var ending = running();
            if (!ending.waitFor(deadline.leftMs(), TimeUnit.MILLISECONDS)) {
                ending.destroyForcibly().waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            throw LocalKafkaException.interrupted("stop " + this, e);
        }
    }

    /** Prevents the broker from being started again. */
    synchronized void refuseStarts() {
        closed = true;
    }

    @Override
    public String toString() {
        return "broker " + id + " on " + address.client();
    }

    private Process running() {
        var current = process;
        if (current == null) {
            throw new IllegalStateException(this + " was never started");
        }
        return current;
    }

    private LocalKafkaException died(int status) throws IOException {
        var message = this + " ended with status " + status + " while it started; the end of " + logFile() + ":\n"
                + log.endSince(logStart);
        return log.since(logStart).contains(PORT_TAKEN)
                ? new PortTakenException(message)
                : new LocalKafkaException(message);
    }

    private boolean accepts() {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), address.port()), CONNECT_MS);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Sends a signal through the shell, whose kill is built in: the JDK has no call for these signals. */
    private void signal(String name) {
        if (!isAlive()) {
            throw new IllegalStateException("Cannot send SIG" + name + " to " + this + ": it is not running");
        }
        try {
            int status = new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new LocalKafkaException("Sending SIG" + name + " to " + this + " ended with status " + status);
            }
        } catch (IOException e) {
            throw new LocalKafkaException("Cannot run sh to send SIG" + name + " to " + this, e);
        } catch (InterruptedException e) {
            throw LocalKafkaException.interrupted("send SIG" + name + " to " + this, e);
        }
    }
}
