package io.seawall.examples.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.seawall.wal.PChannel;
import io.seawall.wal.StartPosition;
import io.seawall.wal.View;
import io.seawall.walkafka.KafkaWals;
import io.seawall.walkafka.admin.TopicSpec;
import io.seawall.walkafka.settings.KafkaConnection;
import io.seawall.walkafka.settings.NodeIdentity;
import java.time.Duration;
import java.util.Objects;

/** Owns a log, appends to it and reads it. Arguments: Kafka's address, and a term above every earlier one. */
public final class EmbeddedLog {
    private EmbeddedLog() {}

    public static void main(String[] args) {
        var kafka = KafkaConnection.plain(args[0], "embedded-");
        var term = Long.parseLong(args[1]);
        var log = new PChannel("orders", 0);
        try (var wals = KafkaWals.connect(kafka, NodeIdentity.withoutUrl("me"))) {
            wals.topics().create(TopicSpec.of("orders", 1));
            try (var wal = wals.opener().open(log, term).wal().join();
                    var reader = wals.readers().open(log, StartPosition.oldest(), View.LIVE)) {
                wal.append("hello".getBytes(UTF_8)).join();
                while (reader.nextLsn() < wal.tail()) {
                    for (var record : reader.poll(100, Duration.ofSeconds(1))) {
                        var value = Objects.requireNonNull(record.data().value());
                        System.out.println(record.lsn() + " " + record.term() + " " + new String(value, UTF_8));
                    }
                }
            }
        }
    }
}
