package io.seawall.node.config;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.Problem;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checked configuration of a node. Immutable. The keys, their units and ranges are in {@code docs/configuration.md}.
 */
public final class NodeConfig {
    private static final Logger LOG = LoggerFactory.getLogger(NodeConfig.class);

    private final AbstractConfig values;
    private final Map<String, String> raw;

    /**
     * Checks the raw values.
     *
     * @param raw values by key, as {@link ConfigSources#merge} returns them
     * @throws ConfigException naming the key, the value and the rule, of each value that is wrong
     */
    public NodeConfig(Map<String, String> raw) {
        var problems = new ConfigProblems();
        problems.checkKeys(ConfigKeys.DEFINITION.names(), raw);
        KafkaSettings.check(raw, problems);
        problems.checkValues(ConfigKeys.DEFINITION, raw);
        problems.throwIfAny();
        this.raw = Map.copyOf(raw);
        // false: AbstractConfig would log every value.
        this.values = new AbstractConfig(ConfigKeys.DEFINITION, ConfigKeys.normalized(raw), false);
        TlsKeys.check(values, problems);
        problems.check(() -> TlsKeys.refuseOpenBind(values, "http.host", httpHost()));
        if (grpcEnabled() && !grpcHost().equals(httpHost())) {
            problems.check(() -> TlsKeys.refuseOpenBind(values, "grpc.host", grpcHost()));
        }
        problems.check(() -> S3Keys.check(this));
        problems.check(() -> ClusterKeys.check(
                clusterSession().toMillis(), clusterHeartbeat().toMillis()));
        problems.check(this::refuseTrimOfUnflushed);
        problems.throwIfAny();
    }

    private void refuseTrimOfUnflushed() {
        if (trimUnflushed() && flushEnabled()) {
            throw new ConfigException(
                    "trim.unflushed",
                    true,
                    "expected flush.enabled=false, because flushed logs are only trimmed up to the end of their segments");
        }
    }

    /**
     * Merges the sources and checks the result, when a process starts. Reads the file; blocks for as long as that takes.
     *
     * @param file a properties file in UTF-8, or null for none
     * @param environment the process's variables: {@code SEAWALL_HTTP_PORT} is {@code http.port}
     * @param assignments the arguments of {@code --set}, each {@code key=value}
     * @return the checked configuration
     * @throws io.seawall.wal.RequestException with code INVALID, naming the key, the value and the rule; not a Kafka
     *     exception, so that callers need none of Kafka's types
     */
    public static NodeConfig load(@Nullable Path file, Map<String, String> environment, List<String> assignments) {
        var ofServices = ConfigSources.madeByKubernetes(environment);
        if (!ofServices.isEmpty()) {
            LOG.atInfo()
                    .addKeyValue("variables", String.join(" ", ofServices))
                    .log("ignored variables that Kubernetes sets for a Service whose name begins with seawall");
        }
        try {
            return new NodeConfig(ConfigSources.merge(file, environment, assignments));
        } catch (ConfigException wrong) {
            throw Problem.of(ErrorCode.INVALID, "use this configuration")
                    .found(String.valueOf(wrong.getMessage()))
                    .cause(wrong)
                    .exception();
        }
    }

    /** Returns the node's name. */
    public String nodeId() {
        return values.getString("node.id");
    }

    /** Returns who gives out terms. */
    public Mode mode() {
        return ConfigKeys.constant(Mode.class, values.getString("mode"));
    }

    /** Returns the prefix of every name in Kafka. */
    public String prefix() {
        return values.getString("prefix");
    }

    /** Returns the address that HTTP listens on; an IPv6 address without brackets. */
    public String httpHost() {
        return Ipv6Brackets.removed(values.getString("http.host"));
    }

    /** Returns the port that HTTP listens on, 0 for any free one. */
    public int httpPort() {
        return values.getInt("http.port");
    }

    /**
     * Returns the URL under which others reach this node.
     *
     * @param port the port that HTTP listens on
     * @return the configured URL, or one made from host and port if there is none; without a slash at its end
     */
    public String httpAdvertisedUrl(int port) {
        var configured = httpAdvertisedUrl();
        if (!configured.isEmpty()) {
            return configured;
        }
        return (tls().isPresent() ? "https://" : "http://") + Ipv6Brackets.added(httpHost()) + ":" + port;
    }

    /** Returns the files for TLS; empty if the node serves plain text. */
    public Optional<TlsFiles> tls() {
        return TlsKeys.files(values);
    }

    /** Returns the file that says who may do what; empty if everybody may do everything. */
    public Optional<Path> accessFile() {
        return AccessKeys.file(values);
    }

    /** Returns the file with the token that this node sends to other nodes; empty for none. */
    public Optional<Path> accessNodeTokenFile() {
        return AccessKeys.nodeTokenFile(values);
    }

    /** Returns whether addresses beyond loopback are allowed although something protects too little. */
    public boolean insecureBind() {
        return values.getBoolean("insecure.bind");
    }

    /** Returns how often these files are read again. */
    public Duration reloadEvery() {
        return millis("reload.ms");
    }

    /** Returns the sites whose pages may use the node; {@code *} for all. */
    public Set<String> httpCorsOrigins() {
        return HttpKeys.origins(values.getString("http.cors.origins"));
    }

    /** Returns how many connections are served at the same time. */
    public int httpConnections() {
        return Math.toIntExact(values.getLong("http.connections"));
    }

    /** Returns how many of them one address may have. */
    public int httpConnectionsPerAddress() {
        return Math.toIntExact(values.getLong("http.connections.per.address"));
    }

    /** Returns how long the head of a request may take. */
    public Duration httpHeadTimeout() {
        return millis("http.head.timeout.ms");
    }

    /** Returns how many bytes per second a client must send or receive. */
    public long httpMinRateBytes() {
        return values.getLong("http.min.rate.bytes");
    }

    /** Returns how long a body or a write may take before that rate applies. */
    public Duration httpMinRateGrace() {
        return millis("http.min.rate.grace.ms");
    }

    /** Returns how many connections the system queues until the node accepts them. */
    public int httpAcceptQueue() {
        return Math.toIntExact(values.getLong("http.accept.queue"));
    }

    /** Returns whether the node serves gRPC. */
    public boolean grpcEnabled() {
        return values.getBoolean("grpc.enabled");
    }

    /** Returns the address that gRPC listens on; an IPv6 address without brackets. */
    public String grpcHost() {
        var host = values.getString("grpc.host");
        return host.isEmpty() ? httpHost() : Ipv6Brackets.removed(host);
    }

    /** Returns the port that gRPC listens on, 0 for any free one. */
    public int grpcPort() {
        return values.getInt("grpc.port");
    }

    /**
     * Returns where clients reach this node's gRPC API.
     *
     * @param port the port that gRPC listens on
     * @return the configured address, or one made from the advertised URL or the host, and the port; host:port
     */
    public String grpcAdvertisedAddress(int port) {
        var configured = values.getString("grpc.advertised.address");
        if (!configured.isEmpty()) {
            return configured;
        }
        var url = httpAdvertisedUrl();
        var host = url.isEmpty() ? null : URI.create(url).getHost(); // null for a name that Java's rules do not allow
        return (host == null ? Ipv6Brackets.added(grpcHost()) : host) + ":" + port;
    }

    /** Returns how many gRPC connections are served at the same time. */
    public int grpcConnections() {
        return Math.toIntExact(values.getLong("grpc.connections"));
    }

    /** Returns how many gRPC connections one address may have. */
    public int grpcConnectionsPerAddress() {
        return Math.toIntExact(values.getLong("grpc.connections.per.address"));
    }

    /** Returns how many gRPC calls are served at the same time. */
    public int grpcCalls() {
        return Math.toIntExact(values.getLong("grpc.calls"));
    }

    /** Returns how many gRPC calls may read at the same time. */
    public int grpcReaders() {
        return Math.toIntExact(values.getLong("grpc.readers"));
    }

    /** Returns how many logs are read once for all their readers at the tail. */
    public int readsTailLogs() {
        return Math.toIntExact(values.getLong("reads.tail.logs"));
    }

    /** Returns how many bytes are kept for the readers at the tail of one log. */
    public long readsTailBytes() {
        return values.getLong("reads.tail.bytes");
    }

    /** Returns how many bytes of messages all gRPC calls may hold. */
    public long grpcBatchesBytes() {
        return values.getLong("grpc.batches.bytes");
    }

    /** Returns how long Kafka's group waits for a heartbeat of this node. */
    public Duration clusterSession() {
        return millis("cluster.session.timeout.ms");
    }

    /** Returns how often this node sends Kafka's group a heartbeat. */
    public Duration clusterHeartbeat() {
        return millis("cluster.heartbeat.ms");
    }

    /** Returns how long a node that left without announcing it keeps its logs. */
    public Duration clusterGrace() {
        return millis("cluster.grace.ms");
    }

    /** Returns how long the members have to be the same before logs are balanced over them. */
    public Duration clusterSettle() {
        return millis("cluster.settle.ms");
    }

    /** Returns whether nodes watch each other over connections. */
    public boolean clusterHints() {
        return values.getBoolean("cluster.hints");
    }

    /** Returns the URL under which other nodes reach this node; empty if it is the one for clients. */
    public String clusterPeerUrl() {
        return values.getString("cluster.peer.url");
    }

    /** Returns how long this node hands over its logs before it stops. */
    public Duration clusterDrainTimeout() {
        return millis("cluster.drain.timeout.ms");
    }

    /** Returns the configured URL under which others reach this node; empty if none is configured. */
    public String httpAdvertisedUrl() {
        return values.getString("http.advertised.url");
    }

    /** Returns what happens if topic settings are wrong. */
    public TopicVerify topicVerify() {
        return ConfigKeys.constant(TopicVerify.class, values.getString("topic.verify"));
    }

    /** Returns whether the node may create, grow and delete topics. */
    public boolean topicCreate() {
        return values.getBoolean("topic.create");
    }

    /** Returns how old a lease may get while few logs are written to. */
    public Duration walRoll() {
        return millis("wal.roll.ms");
    }

    /** Returns how old a lease may get at most. */
    public Duration walLongestRoll() {
        return millis("wal.roll.max.ms");
    }

    /** Returns how many bytes a lease may hold. */
    public long walRollBytes() {
        return values.getLong("wal.roll.bytes");
    }

    /** Returns how many bytes of a pchannel may be acknowledged and not committed. */
    public long walUncommittedBytes() {
        return values.getLong("wal.uncommitted.bytes");
    }

    /** Returns how many bytes are written between two snapshots. */
    public long walSnapshotBytes() {
        return values.getLong("wal.snapshot.bytes");
    }

    /** Returns how long a fenced owner waits before it opens again. */
    public Duration walRivalGrace() {
        return millis("wal.rival.grace.ms");
    }

    /** Returns how many bytes of a pchannel may be sent and not yet acknowledged. */
    public long walWindowBytes() {
        return values.getLong("wal.window.bytes");
    }

    /** Returns how many bytes of a pchannel may wait for the window. */
    public long walQueueBytes() {
        return values.getLong("wal.queue.bytes");
    }

    /** Returns the size of the largest record, in bytes of key, value and headers. */
    public int walRecordMaxBytes() {
        return Math.toIntExact(values.getLong("wal.record.max.bytes"));
    }

    /** Returns how long a record may take to be acknowledged. */
    public Duration walDeliveryTimeout() {
        return millis("wal.delivery.timeout.ms");
    }

    /** Returns how long an opening may take without progress. */
    public Duration walOpenTimeout() {
        return millis("wal.open.timeout.ms");
    }

    /** Returns how long an owner tries to recover a pchannel after an error, without progress. */
    public Duration walRecoverTimeout() {
        return millis("wal.recover.timeout.ms");
    }

    /** Returns when an append is acknowledged. */
    public WalAck walAck() {
        return ConfigKeys.constant(WalAck.class, values.getString("wal.ack"));
    }

    /** Returns whether records are written to segments. */
    public boolean flushEnabled() {
        return values.getBoolean("flush.enabled");
    }

    /** Returns how many bytes a segment may grow to. */
    public long flushBytes() {
        return values.getLong("flush.bytes");
    }

    /** Returns how old a segment may get. */
    public Duration flushInterval() {
        return millis("flush.interval.ms");
    }

    /** Returns the compression of new segments. */
    public FlushCodec flushCodec() {
        return ConfigKeys.constant(FlushCodec.class, values.getString("flush.codec"));
    }

    /** Returns where segments are published. */
    public SegmentsRoot segmentsRoot() {
        var configured = values.getString("segments.root");
        return configured.isEmpty()
                ? new SegmentsRoot.Folder(dataDir().resolve("segments"))
                : SegmentsRoot.parse("segments.root", configured);
    }

    /** Returns the URL of the S3-compatible store; empty for AWS. */
    public Optional<URI> s3Endpoint() {
        var configured = values.getString("s3.endpoint");
        return configured.isEmpty() ? Optional.empty() : Optional.of(URI.create(configured));
    }

    /** Returns the region that requests to S3 are signed for; empty only if no bucket is used. */
    public String s3Region() {
        return values.getString("s3.region");
    }

    /** Returns whether the path of a request, not the host, names the bucket. */
    public boolean s3PathStyle() {
        return values.getBoolean("s3.path.style");
    }

    /** Returns which checksums requests to S3 carry. */
    public S3Checksum s3Checksum() {
        return ConfigKeys.constant(S3Checksum.class, values.getString("s3.checksum"));
    }

    /** Returns how long one attempt at a request to S3 may take. */
    public Duration s3AttemptTimeout() {
        return millis("s3.attempt.timeout.ms");
    }

    /** Returns how long a request to S3 may take with all its attempts. */
    public Duration s3Timeout() {
        return millis("s3.timeout.ms");
    }

    /** Returns how much memory flushing may take. */
    public long flushMemoryBytes() {
        return values.getLong("flush.memory.bytes");
    }

    /** Returns how much disk space the spool may take. */
    public long spoolMaxBytes() {
        return values.getLong("spool.max.bytes");
    }

    /** Returns how many bytes of flushed records stay in Kafka; -1 for all. */
    public long trimRetainBytes() {
        return values.getLong("trim.retain.bytes");
    }

    /** Returns how long flushed records stay in Kafka; negative for ever. */
    public Duration trimRetain() {
        return millis("trim.retain.ms");
    }

    /** Returns whether records that are in no segment are deleted from Kafka. */
    public boolean trimUnflushed() {
        return values.getBoolean("trim.unflushed");
    }

    /** Returns how many bytes of verified segments stay in memory. */
    public long segmentsReadBytes() {
        return values.getLong("segments.read.bytes");
    }

    /** Returns the directory where segments are written before they are published. */
    public Path spoolDir() {
        var configured = values.getString("spool.dir");
        return configured.isEmpty() ? dataDir().resolve("spool") : Path.of(configured);
    }

    /** Returns the directory of the node's data. */
    public Path dataDir() {
        return Path.of(values.getString("data.dir"));
    }

    /**
     * Returns whether the node uses the data directory: not if it does not flush, or if segments and spool have directories
     * of their own.
     */
    public boolean usesDataDir() {
        return flushEnabled()
                && (values.getString("segments.root").isEmpty()
                        || values.getString("spool.dir").isEmpty());
    }

    /** Returns the Kafka settings for producers, as configured; may contain secrets. */
    public Map<String, Object> kafkaProducer() {
        return KafkaSettings.forClient(raw, "producer.");
    }

    /** Returns the Kafka settings for consumers, as configured; may contain secrets. */
    public Map<String, Object> kafkaConsumer() {
        return KafkaSettings.forClient(raw, "consumer.");
    }

    /** Returns the Kafka settings for admin clients, as configured; may contain secrets. */
    public Map<String, Object> kafkaAdmin() {
        return KafkaSettings.forClient(raw, "admin.");
    }

    private Duration millis(String key) {
        return Duration.ofMillis(values.getLong(key));
    }

    /** Returns every key with its value, but only the names of the keys passed to Kafka. */
    @Override
    public String toString() {
        var shown = new TreeMap<String, Object>(values.values());
        raw.keySet().forEach(key -> shown.putIfAbsent(key, "[hidden]"));
        return shown.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(", "));
    }
}
