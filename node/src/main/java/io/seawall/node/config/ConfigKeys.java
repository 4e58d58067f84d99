package io.seawall.node.config;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** Defines the keys, each with its type, default, range and description. */
final class ConfigKeys {
    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;
    private static final Set<String> SIZES = new TreeSet<>();

    /** All keys, in the order of the reference page. */
    static final ConfigDef DEFINITION = wal(S3Keys.addTo(FlushKeys.addTo(flush(ClusterKeys.addTo(
            ReadKeys.addTo(GrpcKeys.addTo(HttpKeys.addTo(AccessKeys.addTo(TlsKeys.addTo(base()))))))))));

    private ConfigKeys() {}

    private static ConfigDef base() {
        var keys = new ConfigDef();
        text(
                keys,
                "node.id",
                ConfigDef.NO_DEFAULT_VALUE,
                new Matching(
                        "[A-Za-z0-9][A-Za-z0-9._-]{0,63}",
                        "1 to 64 of A-Z a-z 0-9 . _ -, the first a letter or digit, as in node-1"),
                "The name of this node, unique in the deployment. Claims in the logs contain it, so that each log "
                        + "shows who owns it.");
        text(
                keys,
                "mode",
                "cluster",
                new ConfigRules.Modes(),
                "Who gives out terms. `cluster`: the nodes under one prefix share the logs, and one of them, which Kafka's "
                        + "consumer group elects, decides which node owns which log; a lone node is a cluster of one. `manual`: "
                        + "an external coordinator calls the assignment API. All nodes under one prefix need the same mode: "
                        + "otherwise they take the logs from each other.");
        text(
                keys,
                "prefix",
                "seawall-",
                new Matching(
                        "[a-z0-9][a-z0-9-]{0,49}", "1 to 50 of a-z 0-9 -, the first a letter or digit, as in seawall-"),
                "The prefix of the names of Kafka topics, transactional ids and groups, so that one prefixed ACL "
                        + "covers the deployment. No prefix may be the beginning of another prefix on the same Kafka cluster: "
                        + "the two deployments would fence each other.");
        text(
                keys,
                "data.dir",
                "./data",
                new ConfigRules.FileName(".+", "the name of a directory"),
                "The directory of the node's data: segments and the spool, unless these have directories of their "
                        + "own. Only one node may use it: a second one fails to start.");
        text(
                keys,
                "kafka.bootstrap.servers",
                ConfigDef.NO_DEFAULT_VALUE,
                new ConfigRules.Brokers(),
                "The Kafka brokers to connect to first: host:port, separated by commas. Every other key that starts "
                        + "with `kafka.` is passed to the Kafka clients unchanged, see below.");
        text(
                keys,
                "http.host",
                "127.0.0.1",
                new Matching("\\S+", "an address of this machine, as in 127.0.0.1"),
                "The address that HTTP listens on; an IPv6 address with or without brackets. An address that is not "
                        + "loopback needs TLS and authentication (`tls.certificate`, and `access.file` or `tls.client.ca`), or "
                        + "`insecure.bind=true`.");
        keys.define(
                "http.port",
                ConfigDef.Type.INT,
                7070,
                Range.between(0, 65535),
                Importance.HIGH,
                "The port that HTTP listens on; 0 for any free port. Too low: a port below 1024 needs privileges. Too "
                        + "high: a port in the ephemeral range may be in use when the node starts.");
        text(
                keys,
                "http.advertised.url",
                "",
                new ConfigRules.Url("|https?://[!-~&&[^/?#]]+", "no value, or a URL as in http://node-1:7070"),
                "The URL under which clients reach this node, and other nodes unless `cluster.peer.url` is set, as in "
                        + "`http://node-1:7070`. Claims contain it, and a node that is not the owner redirects appends to it. "
                        + "Empty: made from host and port.");
        keys.define(
                "insecure.bind",
                ConfigDef.Type.BOOLEAN,
                false,
                Importance.HIGH,
                "Allows `http.host` and `grpc.host` to be addresses that other machines can reach, although there is no TLS or "
                        + "no authentication: without `tls.certificate` everything goes over the network in plain text, and without "
                        + "`access.file` and `tls.client.ca` every client that reaches the node may append, read and delete.");
        text(
                keys,
                "topic.verify",
                "fail",
                oneOf("fail", "warn"),
                "What happens if a Kafka topic has settings that break a guarantee: `fail` does not open its "
                        + "pchannels, `warn` logs a warning.");
        keys.define(
                "topic.create",
                ConfigDef.Type.BOOLEAN,
                true,
                Importance.MEDIUM,
                "Whether the node may create, grow and delete Kafka topics. Set it to false where others manage the "
                        + "topics.");
        return keys;
    }

    private static ConfigDef wal(ConfigDef keys) {
        number(
                keys,
                "wal.roll.ms",
                1000,
                10,
                60_000 / 2,
                "How old a lease may get before it is committed, in milliseconds, while few logs of the node are written "
                        + "to. Too low: each commit costs the brokers a few writes. Too high: the committed view, and with it "
                        + "flushing and plain consumers, lags behind.");
        number(
                keys,
                "wal.roll.max.ms",
                5000,
                10,
                60_000 / 2,
                "How old a lease may get at most, in milliseconds. A node with more than 5 logs in use rolls 5 leases a "
                        + "second, so that each gets older, up to this. Too low: the leases of many logs cost the brokers more "
                        + "than their records; at `wal.roll.ms` or below, leases never get older than that. Too high: the "
                        + "committed view of many logs lags behind.");
        size(
                keys,
                "wal.roll.bytes",
                16 * MIB,
                64 * KIB,
                GIB,
                "How much a lease may hold before it is committed, in bytes. Too low: more commits than the "
                        + "transaction coordinator can handle. Too high: a takeover has more to write again.");
        size(
                keys,
                "wal.uncommitted.bytes",
                128 * MIB,
                MIB,
                4 * GIB,
                "How much may be acknowledged and not yet committed, per pchannel, in bytes; appends wait when it is "
                        + "reached. At least `wal.roll.bytes`. Too low: appends stall when a commit is slow. Too high: a "
                        + "takeover after a long coordinator outage takes long.");
        size(
                keys,
                "wal.snapshot.bytes",
                16 * MIB,
                64 * KIB,
                GIB,
                "How much is written between two snapshots, in bytes. Too low: more records that hold no user data. "
                        + "Too high: opening a pchannel and finding an LSN read more.");
        number(
                keys,
                "wal.rival.grace.ms",
                300,
                1,
                10_000,
                "How long a fenced owner waits before it opens again, in milliseconds. Too low: it fights with a "
                        + "rival that is still opening. Too high: a harmless disturbance stops appends for longer.");
        size(
                keys,
                "wal.window.bytes",
                4 * MIB,
                64 * KIB,
                256 * MIB,
                "How much may be sent to the Kafka producer and not yet acknowledged, per pchannel, in bytes. Also "
                        + "the largest batch: a larger one fails with TOO_LARGE, because readers hold a batch in memory until "
                        + "it is complete. At least `wal.record.max.bytes`. Too low: throughput falls, and batches are refused. "
                        + "Too high: a roll under load delays appends for longer.");
        size(
                keys,
                "wal.queue.bytes",
                32 * MIB,
                MIB,
                4 * GIB,
                "How much may wait for the window, per pchannel, in bytes; above it appends fail with OVERLOADED. At "
                        + "least `wal.window.bytes`. Too low: bursts are refused. Too high: appends wait long and take memory.");
        size(
                keys,
                "wal.record.max.bytes",
                MIB,
                KIB,
                30 * MIB,
                "The largest record: key, value and headers, in bytes. At most `wal.window.bytes`. Too low: users' "
                        + "records are refused. Too high: the message limits of the topic and the brokers have to be raised as "
                        + "well, and more memory may be needed.");
        number(
                keys,
                "wal.delivery.timeout.ms",
                30_000,
                1_000,
                600_000,
                "How long a record may take to be acknowledged before its lane counts as broken, in milliseconds. Too "
                        + "low: a broker's restart breaks lanes. Too high: appends hang for longer before their outcome is "
                        + "looked up.");
        number(
                keys,
                "wal.open.timeout.ms",
                30_000,
                1_000,
                600_000,
                "How long opening a pchannel may take without progress, in milliseconds. While it reads or rewrites "
                        + "records that were acknowledged and not committed, it may take ten times as long in total. Too low: "
                        + "an opening that waits for a broker fails and uses up its term. Too high: a hopeless opening fails "
                        + "late.");
        number(
                keys,
                "wal.recover.timeout.ms",
                120_000,
                1_000,
                3_600_000,
                "How long an owner tries to recover a pchannel in place after an error without progress, in "
                        + "milliseconds; ten times as long in total, as for wal.open.timeout.ms. Appends wait meanwhile. An "
                        + "append that fails each time it is sent ends the pchannel after this time as well; an append that "
                        + "the broker refuses fails alone. Too low: an outage that Kafka survives ends the pchannel and costs "
                        + "a term. Too high: callers wait long until they learn that the outcome is unknown.");
        text(
                keys,
                "wal.ack",
                "replicated",
                oneOf("replicated", "committed"),
                "When an append is acknowledged. `replicated`: once it is on every in-sync replica. `committed`: once "
                        + "its transaction is committed too, so that a plain read_committed consumer sees it, at several times "
                        + "the latency.");
        return keys;
    }

    private static ConfigDef flush(ConfigDef keys) {
        keys.define(
                "flush.enabled",
                ConfigDef.Type.BOOLEAN,
                true,
                Importance.MEDIUM,
                "Whether the node writes committed records to segments.");
        size(
                keys,
                "flush.bytes",
                64 * MIB,
                64 * KIB,
                4 * GIB,
                "How large a segment gets before it is published, in bytes. Too low: very many small files. Too high: "
                        + "more is read again from Kafka after a crash.");
        number(
                keys,
                "flush.interval.ms",
                600_000,
                1_000,
                86_400_000,
                "How old a segment gets before it is published, in milliseconds. Too low: very many small files. Too "
                        + "high: records of quiet pchannels reach the segments late.");
        text(
                keys,
                "flush.codec",
                "zstandard",
                oneOf("zstandard", "deflate"),
                "How the blocks of new segments are compressed: `zstandard` is small and fast, every Avro library "
                        + "reads `deflate`. A log may have segments of both kinds.");
        text(
                keys,
                "segments.root",
                "",
                new ConfigRules.FileName(".*", "the name of a directory on one line"),
                "Where segments are published: a directory, or `s3://<bucket>[/<prefix>]`, see the keys that begin "
                        + "with `s3.`. All nodes of a deployment need the same value. Empty: the directory `segments` under "
                        + "`data.dir`.");
        size(
                keys,
                "segments.read.bytes",
                160 * MIB,
                MIB,
                16 * GIB,
                "How much of fetched and verified segments stays in memory for further reads, for all readers of the "
                        + "node together, in bytes. Too low: if it holds less than two segments, each segment is fetched twice, "
                        + "once to be verified and once to be read. Too high: memory. In addition, each reader holds one block, "
                        + "or one record if that is larger.");
        text(
                keys,
                "spool.dir",
                "",
                new ConfigRules.FileName(".*", "the name of a directory on one line"),
                "The directory where segments are written before they are published; the node discards its content at "
                        + "the start. Empty: `spool` under `data.dir`.");
        return keys;
    }

    /** Returns the raw values in the form that the definition expects: sizes as bytes. */
    static Map<String, String> normalized(Map<String, String> raw) {
        var values = new TreeMap<String, String>();
        raw.forEach((key, value) -> values.put(key, normalized(key, value)));
        return values;
    }

    static String normalized(String key, String value) {
        var isSize = SIZES.contains(key) && !value.strip().equals(Long.toString(FlushKeys.NO_LIMIT));
        return isSize ? Long.toString(Sizes.parse(key, value)) : value;
    }

    static boolean isSize(String key) {
        return SIZES.contains(key);
    }

    static void text(ConfigDef keys, String name, Object initial, ConfigDef.Validator rule, String doc) {
        keys.define(name, ConfigDef.Type.STRING, initial, rule, Importance.HIGH, doc);
    }

    static void number(ConfigDef keys, String name, long initial, long min, long max, String doc) {
        keys.define(name, ConfigDef.Type.LONG, initial, Range.between(min, max), Importance.MEDIUM, doc);
    }

    static void size(ConfigDef keys, String name, long initial, long min, long max, String doc) {
        SIZES.add(name);
        keys.define(name, ConfigDef.Type.LONG, initial, new SizeRange(min, max), Importance.MEDIUM, doc);
    }

    static ConfigDef.Validator oneOf(String... values) {
        return ValidString.in(values);
    }

    /** A range of bytes, both bounds inclusive, shown with units. */
    private record SizeRange(long min, long max) implements ConfigDef.Validator {
        @Override
        public void ensureValid(String name, @Nullable Object value) {
            if (!(value instanceof Long bytes) || bytes < min || bytes > max) {
                throw new ConfigException(name, value, "expected " + this);
            }
        }

        @Override
        public String toString() {
            return "[" + Sizes.show(min) + ",...," + Sizes.show(max) + "]";
        }
    }

    /**
     * Text that matches a pattern.
     *
     * @param words what the pattern says, for people
     */
    record Matching(Pattern pattern, String words) implements ConfigDef.Validator {
        Matching(String form, String words) {
            this(Pattern.compile(form), words);
        }

        @Override
        public void ensureValid(String name, @Nullable Object value) {
            if (value == null || !pattern.matcher(value.toString()).matches()) {
                throw new ConfigException(name, value, "expected " + words);
            }
        }

        @Override
        public String toString() {
            return pattern.pattern();
        }
    }

    /** Returns the enum constant whose name is {@code text} in lower case. */
    static <E extends Enum<E>> E constant(Class<E> type, String text) {
        return Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
    }
}
