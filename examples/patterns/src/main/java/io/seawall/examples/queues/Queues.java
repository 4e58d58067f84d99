package io.seawall.examples.queues;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import io.seawall.client.SeawallClient;
import io.seawall.client.log.LogRecord;
import io.seawall.client.log.StartPosition;
import io.seawall.client.log.TopicOptions;
import io.seawall.client.log.WalRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * A queue for each customer. All of a customer's messages are in one log, so they are handled in order; many customers share a log,
 * so there may be millions of them. A worker stores its position after each message: after a crash it handles the last one again.
 */
public final class Queues {
    private static final String TOPIC = "queues";
    private static final int LOGS = 4; // it must stay the same: it decides in which log a customer is

    private Queues() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        var put = args.length == 4 && args[1].equals("put");
        var work = args.length == 3 && args[1].equals("work");
        if (!put && !work) {
            System.err.println("usage: queues NODE put CUSTOMER TEXT, as in 127.0.0.1:7071 put alice hello");
            System.err.println(
                    "       queues NODE work POSITIONS, with a folder for the positions, as in 127.0.0.1:7071 work done");
            System.exit(2);
        }
        try (var client = SeawallClient.connect(args[0])) {
            client.createTopic(TOPIC, TopicOptions.defaults().pchannels(LOGS));
            if (put) {
                put(client, args[2], args[3]);
            } else {
                work(client, Files.createDirectories(Path.of(args[2])));
            }
        }
    }

    private static void put(SeawallClient client, String customer, String text) {
        var log = TOPIC + "-" + Math.floorMod(customer.hashCode(), LOGS);
        try (var writer = client.writer(log)) {
            writer.append(WalRecord.of(customer.getBytes(UTF_8), text.getBytes(UTF_8)))
                    .join();
        }
    }

    /** Works until the process is killed, with a thread for each log. */
    private static void work(SeawallClient client, Path positions) throws InterruptedException {
        var workers = IntStream.range(0, LOGS)
                .mapToObj(number -> TOPIC + "-" + number)
                .map(log -> new Thread(() -> workOn(client, log, positions.resolve(log)), log))
                .toList();
        workers.forEach(Thread::start);
        for (var worker : workers) {
            worker.join();
        }
    }

    private static void workOn(SeawallClient client, String log, Path position) {
        try (var reader = client.reader(log, StartPosition.lsn(load(position)))) {
            for (var message : reader) {
                handle(message);
                save(position, message.lsn() + 1);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot store the position in " + position, e);
        }
    }

    private static void handle(LogRecord message) {
        var customer = new String(Objects.requireNonNull(message.data().key()), UTF_8);
        System.out.println(customer + ": " + message.text());
    }

    private static long load(Path position) throws IOException {
        return Files.exists(position)
                ? Long.parseLong(Files.readString(position).strip())
                : 0;
    }

    private static void save(Path position, long next) throws IOException {
        var draft = Path.of(position + ".new");
        Files.writeString(draft, next + "\n");
        Files.move(draft, position, ATOMIC_MOVE);
    }
}
