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

/** The keys, each with its type, default, range and description side by side. */
final class ConfigKeys {
    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;
    private static final Set<String> SIZES = new TreeSet<>();

    /** All keys, in the order of the reference page. */
    static final ConfigDef DEFINITION = wal(S3Keys.addTo(FlushKeys.addTo(flush(HttpKeys.addTo(base())))));

    private ConfigKeys() {}

    private static ConfigDef base() {
        var keys = new ConfigDef();
        text(
                keys,
                "node.id",
                ConfigDef.NO_DEFAULT_VALUE,
                new Matching("[A-Za-z0-9][A-Za-z0-9._-]{0,63}"),
                "The name of this node, unique in the deployment. It stands in claims, so that the log says who owns it.");
        text(
                keys,
                "mode",
                "single",
                oneOf("single", "manual"),
                "Who gives out terms. `single`: this node, alone, opens every pchannel under its prefix at the highest"
                        + " claimed term + 1. `manual`: somebody outside calls the assignment API. Two nodes in `single`"
                        + " mode under one prefix take the pchannels from each other.");
        text(
                keys,
                "prefix",
                "seawall-",
                new Matching("[a-z0-9][a-z0-9-]{0,49}"),
                "What the names of Kafka topics, transactional ids and groups start with, so that one prefixed ACL covers"
                        + " the deployment. No prefix on a Kafka cluster may be the beginning of another one there: the two"
                        + " deployments would fence each other.");
        text(
                keys,
                "data.dir",
                "./data",
                new ConfigRules.FileName(".+"),
                "The directory for what the node keeps: segments and the spool, unless those are set apart. It is for one node: a"
                        + " second one on the same directory is refused.");
        text(
                keys,
                "kafka.bootstrap.servers",
                ConfigDef.NO_DEFAULT_VALUE,
                new ConfigRules.Brokers(),
                "The Kafka brokers to begin with: host:port, separated by commas. Every other key that starts with"
                        + " `kafka.` goes to the Kafka clients as it is, see below.");
        text(
                keys,
                "http.host",
                "127.0.0.1",
                new Matching("\\S+"),
                "The address that HTTP listens on; an IPv6 address with or without brackets. As there is no authentication yet, an address that is not loopback"
                        + " needs `insecure.bind=true`.");
        keys.define(
                "http.port",
                ConfigDef.Type.INT,
                7070,
                Range.between(0, 65535),
                Importance.HIGH,
                "The port that HTTP listens on; 0 takes a free one. Too low: a port below 1024 needs privileges. Too high:"
                        + " a port in the ephemeral range may be in use at the moment of the start.");
        text(
                keys,
                "http.advertised.url",
                "",
                new ConfigRules.Url("|https?://[!-~&&[^/?#]]+"),
                "The URL under which clients and other nodes reach this node, as in `http://node-1:7070`. It stands in"
                        + " claims, and an append that meets the wrong node is redirected to it. Empty: made from host and port.");
        keys.define(
                "insecure.bind",
                ConfigDef.Type.BOOLEAN,
                false,
                Importance.HIGH,
                "Allows `http.host` to be an address that others can reach, although whoever reaches it may append, read"
                        + " and delete.");
        text(
                keys,
                "topic.verify",
                "fail",
                oneOf("fail", "warn"),
                "What happens when a Kafka topic has settings that break a promise: `fail` does not open its pchannels,"
                        + " `warn` logs a warning.");
        keys.define(
                "topic.create",
                ConfigDef.Type.BOOLEAN,
                true,
                Importance.MEDIUM,
                "Whether the node may create, grow and delete Kafka topics. Off where others own the topics.");
        return keys;
    }

    private static ConfigDef wal(ConfigDef keys) {
        number(
                keys,
                "wal.roll.ms",
                1000,
                10,
                60_000 / 2,
                "How old a lease may get before it is committed, in milliseconds. Too low: each commit costs the brokers a"
                        + " few writes. Too high: the committed view, and with it flushing and plain consumers, lags behind.");
        size(
                keys,
                "wal.roll.bytes",
                16 * MIB,
                64 * KIB,
                GIB,
                "How much a lease may hold before it is committed, in bytes. Too low: more commits than the coordinator can"
                        + " take. Too high: a takeover has more to write again.");
        size(
                keys,
                "wal.uncommitted.bytes",
                128 * MIB,
                MIB,
                4 * GIB,
                "The most that is acknowledged and not yet committed per pchannel, in bytes; at it appends wait. At least"
                        + " `wal.roll.bytes`. Too low:"
                        + " appends stall when a commit is slow. Too high: a takeover after a long coordinator outage takes long.");
        size(
                keys,
                "wal.snapshot.bytes",
                16 * MIB,
                64 * KIB,
                GIB,
                "How much is written between two snapshots, in bytes. Too low: more records that are nobody's data. Too high:"
                        + " opening a pchannel and finding an LSN read more.");
        number(
                keys,
                "wal.rival.grace.ms",
                300,
                1,
                10_000,
                "How long an owner that was fenced waits before it opens again, in milliseconds. Too low: it duels with a"
                        + " rival that is still opening. Too high: a harmless disturbance stops appends for longer.");
        size(
                keys,
                "wal.window.bytes",
                4 * MIB,
                64 * KIB,
                256 * MIB,
                "The most that is handed to the Kafka producer and not yet acknowledged, per pchannel, in bytes; also the largest"
                        + " batch: a larger one is refused with TOO_LARGE, as readers hold a batch until all of it is there. At"
                        + " least `wal.record.max.bytes`. Too low: throughput falls, and batches are refused. Too high: a roll under load holds appends for longer.");
        size(
                keys,
                "wal.queue.bytes",
                32 * MIB,
                MIB,
                4 * GIB,
                "The most that waits for the window, per pchannel, in bytes; beyond it appends fail with OVERLOADED. At least"
                        + " `wal.window.bytes`. Too low:"
                        + " bursts are refused. Too high: appends wait long, and memory goes to them.");
        size(
                keys,
                "wal.record.max.bytes",
                MIB,
                KIB,
                30 * MIB,
                "The largest record: key, value and headers, in bytes. At most `wal.window.bytes`. Too low: users' records are refused. Too high: the"
                        + " topic's and the brokers' message limits have to be raised as well, and memory is bounded less tightly.");
        number(
                keys,
                "wal.delivery.timeout.ms",
                30_000,
                1_000,
                600_000,
                "How long a record may take to be acknowledged before its lane counts as broken, in milliseconds. Too low: a"
                        + " broker's restart breaks lanes. Too high: appends hang for longer before their outcome is looked up.");
        number(
                keys,
                "wal.open.timeout.ms",
                30_000,
                1_000,
                600_000,
                "How long opening a pchannel may take without getting further, in milliseconds; ten times as much in all, as"
                        + " long as it reads, or writes again, what was acknowledged and not committed. Too low: an opening"
                        + " that waits for a broker fails and burns its term. Too high: a hopeless one is reported late.");
        number(
                keys,
                "wal.recover.timeout.ms",
                120_000,
                1_000,
                3_600_000,
                "How long an owner tries to take a pchannel back, in place, after an error, in milliseconds, without getting"
                        + " further; ten times as much in all, as for wal.open.timeout.ms. Appends wait meanwhile. An append that fails each time it is sent ends the"
                        + " pchannel after this time as well; an append that the broker refuses fails alone. Too low: an"
                        + " outage that Kafka survives ends the pchannel and costs a term. Too high:"
                        + " callers wait long before they hear that the outcome is unknown.");
        text(
                keys,
                "wal.ack",
                "replicated",
                oneOf("replicated", "committed"),
                "When an append is acknowledged: replicated = once it is on every in-sync replica; committed = once its"
                        + " transaction is committed too, so that a plain read_committed consumer sees it, at several times"
                        + " the latency.");
        return keys;
    }

    private static ConfigDef flush(ConfigDef keys) {
        keys.define(
                "flush.enabled",
                ConfigDef.Type.BOOLEAN,
                true,
                Importance.MEDIUM,
                "Whether committed records are written to segments.");
        size(
                keys,
                "flush.bytes",
                64 * MIB,
                64 * KIB,
                4 * GIB,
                "How large a segment grows before it is published, in bytes. Too low: very many small files. Too high: more"
                        + " is read again from Kafka after a crash.");
        number(
                keys,
                "flush.interval.ms",
                600_000,
                1_000,
                86_400_000,
                "How old a segment grows before it is published, in milliseconds. Too low: very many small files. Too high:"
                        + " records of quiet pchannels reach the segments late.");
        text(
                keys,
                "flush.codec",
                "zstandard",
                oneOf("zstandard", "deflate"),
                "How the blocks of new segments are compressed: `zstandard` is small and fast, `deflate` is what every Avro"
                        + " library reads. Segments of both kinds may stand beside each other.");
        text(
                keys,
                "segments.root",
                "",
                new ConfigRules.FileName(".*"),
                "Where segments are published: a directory, or `s3://<bucket>[/<prefix>]`, see the keys that begin with `s3.`."
                        + " Every node of a deployment needs the same. Empty: the directory `segments` under `data.dir`.");
        size(
                keys,
                "segments.read.bytes",
                160 * MIB,
                MIB,
                16 * GIB,
                "How much of segments that were fetched and verified is kept in memory for those who read on, for all readers"
                        + " of the node together, in bytes. Too low: less than two segments, and each one"
                        + " is fetched twice, once to be verified and once to be read. Too high: memory. Each reader holds one"
                        + " block, or one record if that is larger, beside it.");
        text(
                keys,
                "spool.dir",
                "",
                new ConfigRules.FileName(".*"),
                "The directory where segments are written before they are published; what is in it is discarded at start."
                        + " Empty: `spool` under `data.dir`.");
        return keys;
    }

    /** The raw values as the definition wants them: sizes as bytes. */
    static Map<String, String> normalized(Map<String, String> raw) {
        var values = new TreeMap<String, String>();
        raw.forEach((key, value) -> {
            var isSize = SIZES.contains(key) && !value.strip().equals(Long.toString(FlushKeys.NO_LIMIT));
            values.put(key, isSize ? Long.toString(Sizes.parse(key, value)) : value);
        });
        return values;
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

    /** Bytes between two bounds, both inclusive, shown as people write them. */
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

    /** Text of a given form. */
    record Matching(Pattern pattern) implements ConfigDef.Validator {
        Matching(String form) {
            this(Pattern.compile(form));
        }

        @Override
        public void ensureValid(String name, @Nullable Object value) {
            if (value == null || !pattern.matcher(value.toString()).matches()) {
                throw new ConfigException(name, value, "expected text of the form " + this);
            }
        }

        @Override
        public String toString() {
            return pattern.pattern();
        }
    }

    /** The name of an enum's constant from its text in lower case. */
    static <E extends Enum<E>> E constant(Class<E> type, String text) {
        return Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
    }
}
