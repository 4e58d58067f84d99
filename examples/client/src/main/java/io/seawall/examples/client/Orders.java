package io.seawall.examples.client;

import io.seawall.client.SeawallClient;
import io.seawall.client.log.ReaderOptions;
import io.seawall.client.log.StartPosition;
import io.seawall.client.log.TopicOptions;

/** Creates a log, appends to it and reads it. Argument: the gRPC address of a node, as in 127.0.0.1:7071. */
public final class Orders {
    private Orders() {}

    public static void main(String[] args) {
        try (var client = SeawallClient.connect(args[0])) {
            client.createTopic("shop-orders", TopicOptions.defaults().pchannels(1));
            try (var writer = client.writer("shop-orders-0")) {
                var first = writer.append("first"); // both are sent before either is acknowledged
                var second = writer.append("second");
                System.out.println("acknowledged: LSN " + first.join().lsn() + " and "
                        + second.join().lsn());
            }
            var untilTail = ReaderOptions.defaults().withUntilTail(true);
            try (var reader = client.reader("shop-orders-0", StartPosition.oldest(), untilTail)) {
                for (var record : reader) {
                    System.out.println(record.lsn() + " " + record.text());
                }
            }
        }
    }
}
