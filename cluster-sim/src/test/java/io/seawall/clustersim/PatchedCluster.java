package io.seawall.clustersim;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * The product with a planted bug, and the simulation on top, in a separate class loader (decision 12): the source text is changed,
 * compiled, and placed first on the class path.
 */
final class PatchedCluster extends URLClassLoader {
    private static final List<Path> SOURCES = Stream.of("coordinator", "lifetime", "node")
            .map(module -> Path.of("..", module, "src", "main", "java"))
            .toList();
    private static final Path SIMULATION = Path.of("src", "test", "java");
    private static final int LEVELS = 10;

    private PatchedCluster(URL[] classes) {
        super(classes, PatchedCluster.class.getClassLoader());
    }

    /**
     * One replacement.
     *
     * @param type the simple name of a class
     * @param fragment a piece of its source that occurs exactly once
     * @param replacement the new text
     */
    record Edit(String type, String fragment, String replacement) {}

    /**
     * Compiles the product with a bug.
     *
     * @param edits what to change
     * @param directory an empty folder
     * @throws IllegalStateException if a fragment is not in the source exactly once
     */
    static PatchedCluster with(List<Edit> edits, Path directory) throws IOException {
        var texts = new LinkedHashMap<String, String>();
        for (var edit : edits) {
            var known = texts.get(edit.type());
            var text = known != null ? known : source(edit.type());
            var parts = text.split(Pattern.quote(edit.fragment()), -1);
            if (parts.length != 2) {
                throw new IllegalStateException("found " + (parts.length - 1) + " times in " + edit.type()
                        + ", expected once: " + edit.fragment());
            }
            texts.put(edit.type(), parts[0] + edit.replacement() + parts[1]);
        }
        compile(texts, directory);
        return new PatchedCluster(classPath(directory));
    }

    private static String source(String type) throws IOException {
        for (var root : Stream.concat(Stream.of(SIMULATION), SOURCES.stream()).toList()) {
            try (var files = Files.find(root, LEVELS, (file, attributes) -> file.endsWith(type + ".java"))) {
                var found = files.findFirst();
                if (found.isPresent()) {
                    return Files.readString(found.get());
                }
            }
        }
        throw new IllegalStateException("no class " + type);
    }

    private static void compile(Map<String, String> texts, Path directory) throws IOException {
        var options = List.of(
                "-proc:none", "-nowarn", "-cp", System.getProperty("java.class.path"), "-d", directory.toString());
        var names = new ArrayList<String>();
        for (var text : texts.entrySet()) {
            var file = directory.resolve(text.getKey() + ".java");
            Files.writeString(file, text.getValue());
            names.add(file.toString());
        }
        var compiler = ToolProvider.getSystemJavaCompiler();
        var said = new StringWriter();
        var files = compiler.getStandardFileManager(null, null, null);
        var units = files.getJavaFileObjectsFromStrings(names);
        if (!compiler.getTask(said, files, null, options, null, units).call()) {
            throw new IllegalStateException("the planted bug does not compile: " + said);
        }
    }

    private static URL[] classPath(Path first) {
        return Stream.concat(
                        Stream.of(first.toString()),
                        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator)))
                .map(PatchedCluster::url)
                .toArray(URL[]::new);
    }

    private static URL url(String entry) {
        try {
            return Path.of(entry).toUri().toURL();
        } catch (MalformedURLException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Returns the promise that a seed breaks with the bug in place, or an empty text. */
    String violation(long seed) throws ReflectiveOperationException {
        var run = loadClass(ClusterRun.class.getName()).getDeclaredMethod("violation", long.class);
        run.setAccessible(true);
        return (String) run.invoke(null, seed);
    }

    /** Loads our classes from here, the buggy ones first; everything else is shared. */
    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith("io.seawall.")) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            var known = findLoadedClass(name);
            return known == null ? findClass(name) : known;
        }
    }
}
