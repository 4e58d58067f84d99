package io.seawall.it.s3;

import io.seawall.it.process.Signals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * S3Proxy over a folder, as a child process. Checks signatures, handles {@code If-None-Match: *} atomically, and keeps its
 * data across a restart. A bucket is a folder and an object a file, which a test may read, damage and delete. Ended by
 * process id.
 */
public final class S3Server implements AutoCloseable {
    /** The environment variables with which a process may access the server. */
    public static final Map<String, String> ENVIRONMENT =
            Map.of("AWS_ACCESS_KEY_ID", "seawall-test", "AWS_SECRET_ACCESS_KEY", "seawall-test-secret");

    private static final String STARTED = "Server Started";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String LOGBACK = """
            <configuration>
              <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
                <encoder><pattern>%d{HH:mm:ss.SSS} %-5level %logger{0} %msg%n%ex{3}</pattern></encoder>
              </appender>
              <root level="INFO"><appender-ref ref="out"/></root>
            </configuration>
            """;

    private final Path folder;
    private final int port;
    private final boolean checksSignatures;
    private Process process;

    private S3Server(Path folder, boolean checksSignatures) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.checksSignatures = checksSignatures;
        Files.createDirectories(folder.resolve("buckets"));
        this.port = freePort();
        this.process = launch();
    }

    /**
     * Starts a server, and also sets {@link #ENVIRONMENT} as system properties for the SDK in this process.
     *
     * @param folder the folder of its buckets, settings and log
     */
    public static S3Server start(Path folder) {
        return start(folder, true);
    }

    /** Starts a server that does not check signatures, so that a proxy in front of it may change signed headers. */
    public static S3Server startOpen(Path folder) {
        return start(folder, false);
    }

    private static S3Server start(Path folder, boolean checksSignatures) {
        System.setProperty("aws.accessKeyId", value("AWS_ACCESS_KEY_ID"));
        System.setProperty("aws.secretAccessKey", value("AWS_SECRET_ACCESS_KEY"));
        try {
            return new S3Server(folder, checksSignatures);
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    private static String value(String variable) {
        return Objects.requireNonNull(ENVIRONMENT.get(variable));
    }

    /** Returns the address of the server. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /**
     * Creates a bucket.
     *
     * @return the folder with its objects
     */
    public Path bucket(String name) {
        try {
            return Files.createDirectories(folder.resolve("buckets").resolve(name));
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    /** Returns the settings of a node that keeps its segments in a bucket at an endpoint: this server's or a proxy's. */
    public static List<String> nodeSettings(URI endpoint, String root) {
        return List.of("segments.root=" + root, "s3.endpoint=" + endpoint, "s3.region=us-east-1", "s3.path.style=true");
    }

    /** Kills it with SIGKILL. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** Starts it again after {@link #kill}, on the same port and data. */
    public void restart() {
        try {
            process = launch();
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    /** Stops it with SIGSTOP: it accepts connections but does not answer. */
    public void pause() {
        Signals.pause(process);
    }

    /** Continues it after {@link #pause}. */
    public void resume() {
        Signals.resume(process);
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }

    private Process launch() throws IOException {
        var settings = new Properties();
        settings.setProperty("s3proxy.endpoint", endpoint().toString());
        settings.setProperty("s3proxy.authorization", checksSignatures ? "aws-v4" : "none");
        settings.setProperty("s3proxy.identity", value("AWS_ACCESS_KEY_ID"));
        settings.setProperty("s3proxy.credential", value("AWS_SECRET_ACCESS_KEY"));
        settings.setProperty("jclouds.provider", "filesystem-nio2");
        settings.setProperty(
                "jclouds.filesystem.basedir", folder.resolve("buckets").toString());
        var file = folder.resolve("s3proxy.properties");
        try (var out = Files.newBufferedWriter(file)) {
            settings.store(out, null);
        }
        var logback = Files.writeString(folder.resolve("logback.xml"), LOGBACK);
        var log = Files.createTempFile(folder, "s3proxy-", ".log");
        var started = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-Dlogback.configurationFile=" + logback,
                        "-cp",
                        classPath(),
                        S3ServerMain.class.getName(),
                        "--properties",
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        awaitStarted(started, log);
        return started;
    }

    /** Returns the server's jars, and the folder or jar with its main class. */
    private static String classPath() {
        var jars = Objects.requireNonNull(
                System.getProperty("seawall.s3.libs"), "the system property seawall.s3.libs is not set");
        var own = S3ServerMain.class.getProtectionDomain().getCodeSource().getLocation();
        return Path.of(jars).toAbsolutePath() + "/*:" + Path.of(URI.create(own.toString()));
    }

    private static void awaitStarted(Process process, Path log) {
        Awaitility.await("S3Proxy answers, log " + log)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    var text = Files.readString(log);
                    if (!text.contains(STARTED) && !process.isAlive()) {
                        throw new IllegalStateException("S3Proxy ended: " + text);
                    }
                    return text.contains(STARTED);
                });
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("S3Proxy does not end");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
