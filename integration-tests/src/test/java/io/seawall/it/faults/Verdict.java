package io.seawall.it.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.seawall.it.kit.History;
import io.seawall.it.kit.RawPartition;
import io.seawall.it.kit.RawPartition.Raw;
import io.seawall.wal.PChannel;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.wal.WalReaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** Checks that a log agrees with the answers that its callers got: in both views, and as plain consumers of Kafka see it. */
final class Verdict {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern DATA = Pattern.compile("\\d+\\.\\d+/(\\d+)(\\+\\d+)?(@\\d+)?");

    private Verdict() {}

    /** Reads all records from LSN 0 to the tail of a view. */
    static List<History.Entry> read(WalReaders readers, PChannel pchannel, View view) {
        var tail = readers.bounds(pchannel, view).tail();
        try (var reader = readers.open(pchannel, StartPosition.oldest(), view)) {
            var all = new ArrayList<History.Entry>();
            while (reader.nextLsn() < tail) {
                reader.poll(10_000, PATIENCE)
                        .forEach(record -> all.add(new History.Entry(
                                record.lsn(), new String(record.data().value(), UTF_8))));
            }
            return all;
        }
    }

    /** Checks a log that is no longer written to; returns its records. */
    static List<History.Entry> of(FaultyKafka kafka, Appends appends) {
        return of(kafka, appends.pchannel(), appends.history());
    }

    static List<History.Entry> of(FaultyKafka kafka, PChannel pchannel, History history) {
        var readers = kafka.readers();
        var live = read(readers, pchannel, View.LIVE);
        assertThat(history.violations(pchannel, live)).as("live view").isEmpty();
        Awaitility.await("everything is committed")
                .atMost(PATIENCE)
                .until(() -> readers.bounds(pchannel, View.COMMITTED).tail() == live.size());
        assertThat(read(readers, pchannel, View.COMMITTED)).as("committed view").isEqualTo(live);
        assertThat(data(raw(kafka, pchannel, "read_committed")))
                .as("records that a plain read_committed consumer sees")
                .isEqualTo(live);
        return live;
    }

    static List<Raw> raw(FaultyKafka kafka, PChannel pchannel, String isolation) {
        return RawPartition.read(kafka.bootstrapServers(), kafka.prefix(), pchannel, isolation);
    }

    /** Returns the data records among those that a plain consumer saw, in its order. */
    static List<History.Entry> data(List<Raw> records) {
        var result = new ArrayList<History.Entry>();
        for (var record : records) {
            var matcher = DATA.matcher(record.wal());
            if (matcher.matches()) {
                result.add(new History.Entry(Long.parseLong(matcher.group(1)), new String(record.value(), UTF_8)));
            }
        }
        return result;
    }

    /** A consumer that sees uncommitted records sees some twice, but always with the same LSN. */
    static void assertRepeatsKeepTheirLsn(List<History.Entry> records) {
        var numbers = new HashMap<String, Long>();
        for (var record : records) {
            var before = numbers.putIfAbsent(record.value(), record.lsn());
            assertThat(before == null ? record.lsn() : before)
                    .as("LSN of the repeated %s", record.value())
                    .isEqualTo(record.lsn());
        }
    }
}
