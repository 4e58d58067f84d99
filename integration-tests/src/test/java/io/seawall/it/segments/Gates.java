package io.seawall.it.segments;

import io.seawall.it.kit.NodeProcess;
import io.seawall.it.kit.PlantedFault;
import io.seawall.it.kit.Standstill;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.awaitility.Awaitility;

/**
 * Places in a node's flusher where a test can make it stop, to kill or stop the node exactly there. Replaces classes of the
 * product as {@link PlantedFault} does: wraps the store that workers use, and the link of the local store. A file that names
 * the gate and the process closes the gate.
 */
final class Gates {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String GATE = "io.seawall.gate.Gate";
    private static final String LOCAL_STORE = "io.seawall.flusher.store.LocalSegmentStore";
    private static final String TOOLS = "io.seawall.flusher.FlushTools";
    private static final String LINK = "Files::createLink";
    private static final String GATED_LINK = "(name, file) -> { " + GATE + ".pass(\"%s\", name.toString()); " + "%s; "
            + GATE + ".pass(\"%s\", name.toString()); }";

    /** The places where a flusher can stop. */
    enum Point {
        /** A segment is finished; the store has not been called yet. */
        BEFORE_PUT,
        /** The local store has written the content and not yet linked the name. */
        BEFORE_LINK,
        /** The name is linked; the caller does not know it yet. */
        AFTER_LINK,
        /** The store has answered; the published segment is about to be read again, before any trim. */
        BEFORE_READ_BACK
    }

    private final Path control;
    private final Path classes;

    private Gates(Path control, Path classes) {
        this.control = control;
        this.classes = classes;
    }

    /** Compiles the gates into an empty folder. */
    static Gates compile(Path folder) {
        return compile(folder, "Files.createLink(name, file)", "store.probe();");
    }

    /** Compiles the gates with a local store in which a later put replaces an earlier one. */
    static Gates compileWithoutPutIfAbsent(Path folder) {
        return compile(
                folder, "Files.move(file, name, java.nio.file.StandardCopyOption.REPLACE_EXISTING)", "/* no probe */");
    }

    private static Gates compile(Path folder, String link, String probe) {
        try {
            var control = Files.createDirectories(folder.resolve("control"));
            var classes = Files.createDirectories(folder.resolve("classes"));
            PlantedFault.compile(classes, GATE, gate(control));
            var gatedLink = GATED_LINK.formatted(Point.BEFORE_LINK, link, Point.AFTER_LINK);
            PlantedFault.compile(
                    classes,
                    LOCAL_STORE,
                    PlantedFault.patched("flusher", LOCAL_STORE, LINK, gatedLink)
                            .replace("store.probe();", probe));
            PlantedFault.compile(
                    classes,
                    TOOLS,
                    PlantedFault.extended(
                            "flusher", TOOLS, "public SegmentStore store() { return " + GATE + ".before(store); }"));
            return new Gates(control, classes);
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    private static String gate(Path control) {
        return """
                package io.seawall.gate;

                import io.seawall.flusher.store.SegmentStore;
                import java.io.IOException;
                import java.lang.reflect.InvocationTargetException;
                import java.nio.file.Files;
                import java.nio.file.Path;
                import java.util.concurrent.locks.LockSupport;

                public final class Gate {
                    private static volatile String published = "";

                    public static SegmentStore before(SegmentStore store) {
                        return (SegmentStore) java.lang.reflect.Proxy.newProxyInstance(
                                Gate.class.getClassLoader(), new Class<?>[] {SegmentStore.class}, (self, method, args) -> {
                            var key = args == null ? "" : String.valueOf(args[0]);
                            if (method.getName().equals("publish")) {
                                pass("BEFORE_PUT", key);
                            } else if (method.getName().equals("open") && key.equals(published)) {
                                pass("BEFORE_READ_BACK", key);
                            }
                            try {
                                var result = method.invoke(store, args);
                                if (method.getName().equals("publish")) {
                                    published = result == SegmentStore.PutResult.PUBLISHED ? key : "";
                                }
                                return result;
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
                    }

                    public static void pass(String point, String name) throws IOException {
                        var armed = Path.of("%s", point + "-" + ProcessHandle.current().pid());
                        if (!name.endsWith(".avro") || !Files.exists(armed)) {
                            return;
                        }
                        Files.writeString(Path.of(armed + ".struck"), name);
                        while (Files.exists(armed)) {
                            LockSupport.parkNanos(1_000_000);
                        }
                    }
                }
                """.formatted(control);
    }

    Path classes() {
        return classes;
    }

    /** Closes a gate for the next thread that reaches it. */
    Gate arm(Point point, NodeProcess node) {
        return new Gate(create(point.name() + "-" + node.pid()));
    }

    private Path create(String name) {
        try {
            return Files.createFile(control.resolve(name));
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    /**
     * A closed gate.
     *
     * @param armed the file that closes it
     */
    record Gate(Path armed) implements Standstill {
        @Override
        public void awaitStruck() {
            var struck = Path.of(armed + ".struck");
            Awaitility.await("a thread stands at "
                            + armed.getFileName().toString().toLowerCase(Locale.ROOT))
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> Files.exists(struck) && Files.size(struck) > 0);
        }

        @Override
        public void release() {
            try {
                Files.deleteIfExists(armed);
                Files.deleteIfExists(Path.of(armed + ".struck"));
            } catch (IOException error) {
                throw new UncheckedIOException(error);
            }
        }
    }
}
