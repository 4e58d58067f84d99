package io.seawall.plantedbugs;

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
 * The product with a planted bug, and a simulation on top, in a separate class loader. The product has no hooks for this: its
 * source text is changed, compiled, and placed first on the class path.
 */
public final class PatchedProduct extends URLClassLoader {
    private static final int LEVELS = 10;

    private PatchedProduct(URL[] classes) {
        super(classes, PatchedProduct.class.getClassLoader());
    }

    /**
     * The result of a search.
     *
     * @param seed the last seed that was run
     * @param violation what it broke; empty if no seed broke a promise
     */
    public record Found(long seed, String violation) {}

    /**
     * Compiles the product with a bug.
     *
     * @param sources the folders to look for classes in, in this order
     * @param edits what to change
     * @param directory an empty folder
     * @return the product, to be closed by the caller
     * @throws IllegalStateException if a fragment is not in the source exactly once, or the result does not compile
     * @throws IOException if a source cannot be read
     */
    public static PatchedProduct with(List<Path> sources, List<Edit> edits, Path directory) throws IOException {
        var texts = new LinkedHashMap<String, String>();
        for (var edit : edits) {
            var known = texts.get(edit.type());
            var text = known != null ? known : source(sources, edit.type());
            var parts = text.split(Pattern.quote(edit.fragment()), -1);
            if (parts.length != 2) {
                throw new IllegalStateException("found " + (parts.length - 1) + " times in " + edit.type()
                        + ", expected once: " + edit.fragment());
            }
            texts.put(edit.type(), parts[0] + edit.replacement() + parts[1]);
        }
        compile(texts, directory);
        return new PatchedProduct(classPath(directory));
    }

    private static String source(List<Path> sources, String type) throws IOException {
        for (var root : sources) {
            try (var files = Files.find(root, LEVELS, (file, attributes) -> file.endsWith(type + ".java"))) {
                var found = files.findFirst();
                if (found.isPresent()) {
                    return Files.readString(found.get());
                }
            }
        }
        throw new IllegalStateException("no class " + type + " in " + sources);
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
                .map(PatchedProduct::url)
                .toArray(URL[]::new);
    }

    private static URL url(String entry) {
        try {
            return Path.of(entry).toUri().toURL();
        } catch (MalformedURLException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * Runs seeds until one breaks a promise.
     *
     * @param simulation a class with a static method {@code String violation(long seed)}, which returns what the seed broke, or an
     *     empty text
     * @param from the first seed
     * @param most how many seeds to run at most, 1 or more
     * @return what was found
     * @throws ReflectiveOperationException if there is no such method, or it throws an exception
     */
    public Found search(Class<?> simulation, long from, long most) throws ReflectiveOperationException {
        var run = loadClass(simulation.getName()).getDeclaredMethod("violation", long.class);
        run.setAccessible(true);
        for (var seed = from; ; seed++) {
            var violation = (String) run.invoke(null, seed);
            if (!violation.isEmpty() || seed + 1 >= from + most) {
                return new Found(seed, violation);
            }
        }
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
