package io.seawall.kafkalocal;

import io.seawall.kafkalocal.BrokerAddress.Detour;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Configures a {@link LocalKafka} and starts it. Used by one thread; may start several clusters, one after the other.
 */
public final class LocalKafkaBuilder {
    private static final int MOST_BROKERS = 9;
    private static final int PORT_ATTEMPTS = 5;

    private final Map<String, String> properties = new LinkedHashMap<>();
    private final Map<String, Integer> features = new LinkedHashMap<>();
    private final RandomGenerator random = new SecureRandom();
    private int brokers = 1;
    private @Nullable Path dataDir;
    private boolean keepData;
    private @Nullable Path libs;
    private Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    private int heapMb = 512;
    private List<Integer> ports = List.of();
    private List<Integer> proxyPorts = List.of();
    private Duration startTimeout = Duration.ofMinutes(2);

    LocalKafkaBuilder() {}

    /**
     * Sets the number of brokers. With three or more the replication factor is 3 and {@code min.insync.replicas} is 2, by
     * default and for the internal topics.
     *
     * @param count 1 to 9, default 1
     */
    public LocalKafkaBuilder brokers(int count) {
        check(count >= 1 && count <= MOST_BROKERS, "brokers", count, "1 to " + MOST_BROKERS);
        brokers = count;
        return this;
    }

    /**
     * Sets the directory for the brokers' data, settings and logs; created if missing. Default: a new temporary directory.
     */
    public LocalKafkaBuilder dataDir(Path directory) {
        dataDir = directory;
        return this;
    }

    /**
     * Sets whether the data stays when the cluster is closed, and may exist when it starts. Needs a {@link #dataDir}.
     *
     * @param keep default false
     */
    public LocalKafkaBuilder keepData(boolean keep) {
        keepData = keep;
        return this;
    }

    /**
     * Sets the directory with the brokers' jars. Default: the value of the system property {@code seawall.broker.libs}.
     */
    public LocalKafkaBuilder libs(Path directory) {
        libs = directory;
        return this;
    }

    /** Sets the {@code java} that runs the brokers, 17 or later. Default: the one that runs this program. */
    public LocalKafkaBuilder javaExecutable(Path executable) {
        java = executable;
        return this;
    }

    /**
     * Sets the maximum heap of each broker in MiB.
     *
     * @param mebibytes 128 or more, default 512
     */
    public LocalKafkaBuilder heapMb(int mebibytes) {
        check(mebibytes >= 128, "heapMb", mebibytes, "128 or more");
        heapMb = mebibytes;
        return this;
    }

    /**
     * Sets the ports for clients, one for each broker. Default: free ones, which may differ from run to run on the same data.
     *
     * @param fixed 1 to 65535 each
     */
    public LocalKafkaBuilder ports(int... fixed) {
        ports = checkedPorts("ports", fixed);
        return this;
    }

    /**
     * Gives each broker a second listener for clients that connect through a proxy on this machine: it advertises the proxy's
     * ports. The proxy forwards to {@link LocalBroker#detourPort}. Traffic among the brokers, and of clients that use
     * {@link LocalKafka#bootstrapServers}, bypasses the proxy.
     *
     * @param advertised the ports where the proxy listens for each broker, 1 to 65535 each
     */
    public LocalKafkaBuilder proxyPorts(int... advertised) {
        proxyPorts = checkedPorts("proxyPorts", advertised);
        return this;
    }

    private static List<Integer> checkedPorts(String setting, int... ports) {
        var list = new ArrayList<Integer>();
        for (int port : ports) {
            check(port >= 1 && port <= 65_535, setting, port, "1 to 65535");
            list.add(port);
        }
        return List.copyOf(list);
    }

    /** Sets how long the brokers together may take to start, and each at a later start. Default: 2 minutes. */
    public LocalKafkaBuilder startTimeout(Duration timeout) {
        startTimeout = timeout;
        return this;
    }

    /**
     * Sets a property in the server.properties of every broker; it overrides LocalKafka's default.
     *
     * @throws IllegalArgumentException for node ids, listeners, voters and log directories, which LocalKafka derives
     */
    public LocalKafkaBuilder property(String key, String value) {
        BrokerSettings.checkUserSetting(key);
        properties.put(key, value);
        return this;
    }

    /**
     * Sets the level of a feature for formatting the storage; kept data keeps its own level. Default: the newest level of
     * Kafka's release.
     *
     * @param name such as {@code transaction.version}
     * @param level 0 or more
     */
    public LocalKafkaBuilder feature(String name, int level) {
        check(level >= 0, "the level of " + name, level, "0 or more");
        features.put(name, level);
        return this;
    }

    /**
     * Starts the cluster and waits until every broker is a member of it and answers: then a topic replicated to all of them can
     * be created. After an error no broker is running.
     *
     * @throws IllegalArgumentException if the settings contradict each other
     * @throws LocalKafkaException if the jars are missing, a fixed port is taken, the data directory holds something else, or a
     *     broker does not start; the message names the problem and ends with the broker's log
     */
    public LocalKafka start() {
        var each = "one for each of " + brokers + " brokers";
        check(ports.isEmpty() || ports.size() == brokers, "ports", ports, each);
        check(proxyPorts.isEmpty() || proxyPorts.size() == brokers, "proxyPorts", proxyPorts, each);
        check(dataDir != null || !keepData, "keepData", keepData, "a dataDir to keep it in");
        var jars = libs == null ? BrokerLibs.fromSystemProperty() : BrokerLibs.checked(libs);
        for (int port : ports) {
            if (!FreePorts.isFree(port)) {
                throw new LocalKafkaException("Port " + port + " on " + BrokerAddress.HOST
                        + " is taken: stop what listens there, or choose another port");
            }
        }
        var directory = dataDir == null ? newDirectory() : dataDir;
        try {
            var lock = DirectoryLock.take(directory);
            try {
                var data = DataDir.open(directory, keepData, brokers, random);
                return start(data, lock, jars);
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new LocalKafkaException(
                    "Cannot use " + directory.toAbsolutePath()
                            + " as the data directory of the local Kafka cluster: found "
                            + FileReasons.of(e)
                            + "; expected a directory that this process may write; use another directory",
                    e);
        }
    }

    private static Path newDirectory() {
        try {
            return Files.createTempDirectory("seawall-kafka-");
        } catch (IOException e) {
            throw new LocalKafkaException(
                    "Cannot make a temporary directory for the local Kafka cluster: found " + FileReasons.of(e)
                            + "; set java.io.tmpdir to a directory that this process may write",
                    e);
        }
    }

    private LocalKafka start(DataDir data, DirectoryLock lock, BrokerLibs jars) throws IOException {
        for (int attempt = 1; ; attempt++) {
            var spawner = new Spawner();
            var cluster = new LocalKafka(describe(data, jars, spawner), data, lock, spawner);
            try {
                cluster.start(startTimeout);
                return cluster;
            } catch (PortTakenException e) {
                cluster.killAll();
                spawner.close();
                if (attempt == PORT_ATTEMPTS) {
                    throw e;
                }
            } catch (RuntimeException e) {
                cluster.close();
                throw e;
            }
        }
    }

    private List<LocalBroker> describe(DataDir data, BrokerLibs jars, Spawner spawner) throws IOException {
        var addresses = addresses();
        var command = new BrokerCommand(spawner.prefix(), java, jars, heapMb);
        var result = new ArrayList<LocalBroker>();
        for (int id = 0; id < brokers; id++) {
            var home = Files.createDirectories(data.node(id));
            var storage = home.resolve("storage");
            var settings = home.resolve("server.properties");
            DataDir.writeProperties(
                    settings,
                    BrokerSettings.of(id, addresses, storage, properties),
                    "Written anew at every start of the cluster");
            var log = new BrokerLog(home.resolve("broker.log"));
            log.rotate();
            var process = new ProcessBuilder(command.line(settings, storage, data.clusterId(), features))
                    .directory(home.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.file().toFile()));
            result.add(new LocalBroker(id, addresses.get(id), process, log, spawner, startTimeout));
        }
        return result;
    }

    private List<BrokerAddress> addresses() {
        var free = new FreePorts(random).pick(3 * brokers);
        var result = new ArrayList<BrokerAddress>();
        for (int id = 0; id < brokers; id++) {
            int port = ports.isEmpty() ? free.get(brokers + id) : ports.get(id);
            var detour = proxyPorts.isEmpty() ? null : new Detour(free.get(2 * brokers + id), proxyPorts.get(id));
            result.add(new BrokerAddress(port, free.get(id), detour));
        }
        return result;
    }

    private static void check(boolean right, String setting, Object found, String expected) {
        if (!right) {
            throw new IllegalArgumentException(setting + " is " + found + ", expected " + expected);
        }
    }
}
