package io.seawall.kafkalocal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.random.RandomGenerator;

/**
 * The data directory of a cluster: {@code cluster.properties}, and a directory per node with its settings, log and storage.
 *
 * @param root the directory
 * @param clusterId Kafka's id of the cluster, generated once
 * @param keep whether the data outlives the cluster object
 */
record DataDir(Path root, String clusterId, boolean keep) {
    private static final String CLUSTER_FILE = "cluster.properties";
    private static final String ID = "cluster.id";
    private static final String BROKERS = "brokers";

    /**
     * Opens or creates the directory.
     *
     * @throws LocalKafkaException if it holds a cluster of another size, or one that closing would delete
     */
    static DataDir open(Path directory, boolean keep, int brokers, RandomGenerator random) throws IOException {
        var root = Files.createDirectories(directory).toRealPath();
        if (root.toString().contains(",")) {
            throw new LocalKafkaException("The data directory " + root
                    + " has a ',' in its name, which Kafka takes for the end of a name: use another directory");
        }
        var file = root.resolve(CLUSTER_FILE);
        if (!Files.exists(file)) {
            var id = newClusterId(random);
            var facts = new Properties();
            facts.setProperty(ID, id);
            facts.setProperty(BROKERS, Integer.toString(brokers));
            writeProperties(file, facts, "A local Kafka cluster of Seawall");
            return new DataDir(root, id, keep);
        }
        var facts = readProperties(file);
        if (!keep) {
            throw new LocalKafkaException("The data directory " + root + " holds a cluster, which closing would delete:"
                    + " call keepData(true), or delete the directory, or use another one");
        }
        if (!Integer.toString(brokers).equals(facts.getProperty(BROKERS))) {
            throw new LocalKafkaException(
                    "The data directory " + root + " holds a cluster of " + facts.getProperty(BROKERS)
                            + " brokers, expected " + brokers + ": use that number or another directory");
        }
        return new DataDir(root, facts.getProperty(ID), true);
    }

    /** Returns the directory of one node. */
    Path node(int id) {
        return root.resolve("broker-" + id);
    }

    /**
     * Deletes what {@link #open} and the brokers created, unless it is to be kept; other files in the directory stay.
     * Does nothing the second time.
     */
    void discard() throws IOException {
        if (keep || Files.notExists(root)) {
            return;
        }
        try (var nodes = Files.newDirectoryStream(root, "broker-*")) {
            for (var node : nodes) {
                deleteTree(node);
            }
        }
        Files.deleteIfExists(root.resolve(CLUSTER_FILE));
        Files.deleteIfExists(root.resolve(DirectoryLock.FILE));
        try (var rest = Files.list(root)) {
            if (rest.findAny().isPresent()) {
                return;
            }
        }
        Files.delete(root);
    }

    static void writeProperties(Path file, Properties content, String comment) throws IOException {
        // Rename a complete file: a process that is killed here
        // must not leave a partial file that looks like a cluster.
        var partial = file.resolveSibling(file.getFileName() + ".partial");
        // To a stream, which escapes what is not Latin-1: so Kafka reads it.
        try (var out = Files.newOutputStream(partial)) {
            content.store(out, comment);
        }
        Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Properties readProperties(Path file) throws IOException {
        var content = new Properties();
        try (var in = Files.newInputStream(file)) {
            content.load(in);
        }
        return content;
    }

    /** Returns a new id in Kafka's text form of a UUID: 16 bytes in URL-safe base64. */
    private static String newClusterId(RandomGenerator random) {
        var bytes = ByteBuffer.allocate(16).putLong(random.nextLong()).putLong(random.nextLong());
        var text = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
        // The storage tool would parse a leading '-' as an option.
        return text.startsWith("-") ? "S" + text.substring(1) : text;
    }

    private static void deleteTree(Path tree) throws IOException {
        List<Path> paths;
        try (var walk = Files.walk(tree)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (var path : paths) {
            Files.deleteIfExists(path);
        }
    }
}
