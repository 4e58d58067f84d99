package io.seawall.kafkalocal;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The main class of a broker process: formats the storage if it is new, then runs Kafka's own main in this JVM. It halts the
 * JVM as soon as standard input ends: the parent holds the other end of that pipe and never writes to it. The kernel closes the
 * pipe however the parent dies, so the broker cannot outlive it.
 */
final class BrokerMain {
    private static final int PARENT_IS_GONE = 3;
    private static final int DATA_IN_USE = 4;

    private BrokerMain() {}

    /**
     * Runs a broker until it is stopped.
     *
     * @param args the path of server.properties, the storage directory named in it, the cluster's id, and the features to
     *     format it with, as {@code name=level}
     */
    public static void main(String[] args) throws Exception {
        var watch = new Thread(BrokerMain::haltWhenInputEnds, "seawall-parent-watch");
        watch.setDaemon(true);
        watch.start();
        lock(Path.of(args[1]));
        String settings = args[0];
        // Kafka writes this file last, so a format that was interrupted is repeated.
        if (!Files.exists(Path.of(args[1], "meta.properties"))) {
            format(settings, args[2], List.of(args).subList(3, args.length));
        }
        run(settings);
    }

    /**
     * Locks the storage before anything is read. Kafka takes its own lock only after its controller has joined, which disturbs
     * the controller that another process still runs on the same storage. The parent has a lock as well, which ends with the
     * parent; a broker that is stopped by a signal can outlive it.
     */
    private static void lock(Path storage) throws IOException {
        try {
            DirectoryLock.take(storage.resolveSibling("")); // its own folder, which holds only this broker
        } catch (LocalKafkaException taken) {
            System.out.println(taken.getMessage());
            System.exit(DATA_IN_USE);
        }
    }

    private static void haltWhenInputEnds() {
        try {
            while (System.in.read() >= 0) {
                // The parent never writes, so any input is ignored.
            }
        } catch (IOException e) {
            System.out.println("Standard input failed, which counts as its end: " + e);
        }
        // Not exit: its hooks would try a clean shutdown, which can take long without the other brokers.
        Runtime.getRuntime().halt(PARENT_IS_GONE);
    }

    /** Formats the storage in this JVM, because a second JVM would cost most of a second per broker. */
    private static void format(String settings, String clusterId, List<String> features)
            throws ReflectiveOperationException {
        var words = new ArrayList<>(List.of("format", "--ignore-formatted", "-t", clusterId, "-c", settings));
        features.forEach(feature -> words.addAll(List.of("--feature", feature)));
        var arguments = words.toArray(String[]::new);
        Object status = Class.forName("kafka.tools.StorageTool")
                .getMethod("execute", String[].class, PrintStream.class)
                .invoke(null, arguments, System.out);
        if (!Integer.valueOf(0).equals(status)) {
            throw new IllegalStateException("Formatting the storage ended with status " + status);
        }
    }

    private static void run(String settings) throws Exception {
        try {
            Class.forName("kafka.Kafka").getMethod("main", String[].class).invoke(null, (Object)
                    new String[] {settings});
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("Kafka's main failed", e.getCause());
        }
    }
}
