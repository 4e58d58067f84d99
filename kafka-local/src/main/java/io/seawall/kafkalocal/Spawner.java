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
 * <p>If there is a {@code setpriv} with {@code --pdeathsig}, the kernel kills a broker when its parent dies. That also works
 * for a broker that is stopped by a signal and so cannot watch its standard input. For the kernel, "parent" is the
 * <em>thread</em> that forked. If the caller's thread started the broker, the kernel would kill it when that thread ends, as
 * threads of pools and test frameworks do, although the JVM continues.
 */
final class Spawner implements AutoCloseable {
    private static final List<String> DIE_WITH_PARENT = List.of("setpriv", "--pdeathsig", "KILL");
    private static final int PROBE_SECONDS = 5;

    /** A plain fixed pool: the JDK's single-thread executor shuts down when it is no longer referenced. */
    private final ExecutorService thread = Executors.newFixedThreadPool(1, task -> {
        var result = new Thread(task, "seawall-broker-spawner");
        result.setDaemon(true);
        return result;
    });

    private final List<String> prefix = canDieWithParent() ? DIE_WITH_PARENT : List.of();

    /** Returns the words that a broker's command line must begin with. */
    List<String> prefix() {
        return prefix;
    }

    /**
     * Starts a process and waits until it is started.
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

    /**
     * Ends the thread; if {@link #prefix()} is not empty, this kills the processes that it started and that still run.
     */
    @Override
    public void close() {
        thread.shutdown();
    }

    /** Runs a probe, because some versions of setpriv, such as BusyBox's, lack that option. */
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
            throw LocalKafkaException.interrupted("find setpriv", e);
        }
    }
}
