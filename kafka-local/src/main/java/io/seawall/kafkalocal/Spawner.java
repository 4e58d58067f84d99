package io.seawall.kafkalocal;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Starts broker processes, all from one thread that lives until {@link #close()}.
 *
 * <p>Where there is a {@code setpriv} with {@code --pdeathsig}, the kernel kills a broker when its parent dies: that reaches a
 * broker that is stopped by a signal too, whose own watch on its standard input cannot run. For the kernel, "parent" is the
 * <em>thread</em> that forked. Were a broker started from its caller's thread, it would be killed when that thread ends, as a
 * worker of a pool or of a test framework does, while the JVM goes on.
 */
final class Spawner implements AutoCloseable {
    private static final List<String> DIE_WITH_PARENT = List.of("setpriv", "--pdeathsig", "KILL");
    private static final int PROBE_SECONDS = 5;

    /** A plain fixed pool: the single-thread one of the JDK shuts down when it is no longer referenced. */
    private final ExecutorService thread = Executors.newFixedThreadPool(1, task -> {
        var result = new Thread(task, "seawall-broker-spawner");
        result.setDaemon(true);
        return result;
    });

    private final List<String> prefix = canDieWithParent() ? DIE_WITH_PARENT : List.of();

    /** What a broker's command line must begin with. */
    List<String> prefix() {
        return prefix;
    }

    /**
     * Starts a process; the caller waits for that.
     *
     * @throws IOException if the program cannot be run
     */
    Process start(ProcessBuilder command) throws IOException {
        try {
            return thread.submit(command::start).get();
        } catch (ExecutionException e) {
            throw new IOException("The process was not started", e.getCause());
        } catch (InterruptedException e) {
            throw LocalKafkaException.interrupted("start " + command.command().get(0), e);
        }
    }

    /** Ends the thread; kills, where {@link #prefix()} is not empty, whatever it started and still runs. */
    @Override
    public void close() {
        thread.shutdown();
    }

    /** Tries it: there are versions of setpriv, such as BusyBox's, without that option. */
    private static boolean canDieWithParent() {
        try {
            var probe = new ProcessBuilder("setpriv", "--pdeathsig", "KILL", "true")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (probe.waitFor(PROBE_SECONDS, TimeUnit.SECONDS)) {
                return probe.exitValue() == 0;
            }
            probe.destroyForcibly();
            return false;
        } catch (IOException noSuchProgram) {
            return false;
        } catch (InterruptedException e) {
            throw LocalKafkaException.interrupted("look for setpriv", e);
        }
    }
}
