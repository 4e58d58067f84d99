package io.seawall.node.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of this build, which Maven wrote. */
final class Version {
    static final String TEXT = read();

    private Version() {}

    private static String read() {
        var properties = new Properties();
        try (var file = Version.class.getResourceAsStream("version.properties")) {
            if (file == null) {
                throw new IllegalStateException("the build left out version.properties");
            }
            properties.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read version.properties", e);
        }
        return properties.getProperty("version");
    }
}
