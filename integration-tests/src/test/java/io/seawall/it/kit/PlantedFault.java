package io.seawall.it.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.ToolProvider;

/** Replaces a class of the product in a node's process, to check that a test notices. */
public final class PlantedFault {
    private static final String TRANSACTIONAL_IDS = "io.seawall.walkafka.internal.client.TransactionalIds";

    private PlantedFault() {}

    /**
     * Compiles a class that replaces the real one.
     *
     * @param directory an empty folder
     * @param className the full name
     * @param source its source
     * @return the folder, for the front of a class path
     */
    public static Path compile(Path directory, String className, String source) {
        try {
            var file = directory.resolve(className.substring(className.lastIndexOf('.') + 1) + ".java");
            Files.writeString(file, source);
            var compiler = ToolProvider.getSystemJavaCompiler();
            var result = compiler.run(
                    null,
                    null,
                    null,
                    "-proc:none",
                    "-cp",
                    directory + ":" + System.getProperty("java.class.path"),
                    "-d",
                    directory.toString(),
                    file.toString());
            if (result != 0) {
                throw new IllegalStateException("the planted fault does not compile");
            }
            return directory;
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    /**
     * Returns the source of a class of the product with a piece of it replaced; fails if the piece does not occur.
     *
     * @param module the folder of the class's module
     * @param className the full name
     * @param piece the text to replace, everywhere
     * @param other the replacement
     */
    public static String patched(String module, String className, String piece, String other) {
        var source = source(module, className);
        if (!source.contains(piece)) {
            throw new IllegalStateException(className + " does not contain " + piece);
        }
        return source.replace(piece, other);
    }

    /** Returns the source of a class of the product with one more member. */
    public static String extended(String module, String className, String member) {
        var source = source(module, className);
        return source.substring(0, source.lastIndexOf('}')) + member + "}";
    }

    private static String source(String module, String className) {
        try {
            return Files.readString(Path.of("..", module, "src/main/java", className.replace('.', '/') + ".java"));
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    /** Turns fencing off: every opening uses its own transactional ids, so that it fences no other owner. */
    public static Path withoutFencing(Path directory) {
        return compile(
                directory,
                TRANSACTIONAL_IDS,
                patched(
                        "wal-kafka",
                        TRANSACTIONAL_IDS,
                        "lane.suffix()",
                        "lane.suffix() + java.util.UUID.randomUUID()"));
    }
}
