package io.seawall.kafkalocal;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The directory with the jars of a broker.
 *
 * @param directory holds Kafka's server jars of exactly one version and what they need
 */
record BrokerLibs(Path directory) {
    /** The system property that names the directory when the builder does not. */
    static final String PROPERTY = "seawall.broker.libs";

    private static final String SERVER_JAR = "kafka_2.13-*.jar";
    private static final String HOW_TO_BUILD =
            "Build it with 'mvn -pl kafka-local -am process-resources': the jars are then in kafka-local/target/broker-libs";

    /**
     * Finds the directory by the system property and checks it.
     *
     * @throws LocalKafkaException if the property is missing or the directory is not usable
     */
    static BrokerLibs fromSystemProperty() {
        String value = System.getProperty(PROPERTY);
        if (value == null || value.isBlank()) {
            throw new LocalKafkaException("No directory with the brokers' jars: set the system property " + PROPERTY
                    + " or call libs(Path). " + HOW_TO_BUILD);
        }
        return checked(Path.of(value));
    }

    /**
     * Checks a directory.
     *
     * @throws LocalKafkaException unless exactly one version of Kafka's server jar is in it
     */
    static BrokerLibs checked(Path directory) {
        long servers;
        try (var jars = Files.newDirectoryStream(directory, SERVER_JAR)) {
            servers = 0;
            for (var ignored : jars) {
                servers++;
            }
        } catch (IOException e) {
            throw new LocalKafkaException(
                    "Cannot read the directory with the brokers' jars, " + directory + " (" + PROPERTY + "). "
                            + HOW_TO_BUILD,
                    e);
        }
        if (servers != 1) {
            // Two versions are what a build leaves behind after the version was changed; the broker would mix them.
            throw new LocalKafkaException(
                    "Found " + servers + " jars " + SERVER_JAR + " in " + directory + " (" + PROPERTY
                            + "), expected one. " + HOW_TO_BUILD + "; run 'mvn clean' first if there is more than one");
        }
        return new BrokerLibs(withoutSeparator(directory.toAbsolutePath()));
    }

    /** There is no way to escape it in a class path. */
    private static Path withoutSeparator(Path path) {
        if (path.toString().contains(File.pathSeparator)) {
            throw new LocalKafkaException(
                    path + " has a '" + File.pathSeparator
                            + "' in its name, which Java takes for the end of a name in a class path: move it to another directory");
        }
        return path;
    }

    /** The broker's class path. We come last, so that nothing packed together with us gets in before the broker's own. */
    String classPath() {
        return directory.resolve("*") + File.pathSeparator + ourselves();
    }

    private static Path ourselves() {
        try {
            return withoutSeparator(Path.of(BrokerMain.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI()));
        } catch (URISyntaxException e) {
            throw new LocalKafkaException(
                    "Cannot tell where the class " + BrokerMain.class.getName() + " comes from", e);
        }
    }
}
