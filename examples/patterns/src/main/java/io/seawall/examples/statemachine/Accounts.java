package io.seawall.examples.statemachine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import io.seawall.client.SeawallClient;
import io.seawall.client.log.ReaderOptions;
import io.seawall.client.log.StartPosition;
import io.seawall.client.log.TopicOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Balances of accounts, as the log of all deposits makes them. Each process that replays the log has the same balances. A snapshot
 * in a file holds the balances and the LSN from which to replay, so that a restart reads only what came later.
 */
public final class Accounts {
    private static final String LOG = "deposits-0";

    private final Map<String, Long> balances;
    private long next;

    private Accounts(long next, Map<String, Long> balances) {
        this.next = next;
        this.balances = balances;
    }

    public static void main(String[] args) throws IOException {
        if (args.length != 2 && args.length != 4) {
            System.err.println(
                    "usage: state-machine NODE SNAPSHOT [ACCOUNT AMOUNT], as in 127.0.0.1:7071 accounts.txt alice 10");
            System.exit(2);
        }
        var snapshot = Path.of(args[1]);
        try (var client = SeawallClient.connect(args[0])) {
            client.createTopic("deposits", TopicOptions.defaults().pchannels(1));
            if (args.length == 4) {
                deposit(client, args[2], Long.parseLong(args[3]));
            }
            var accounts = load(snapshot);
            var from = accounts.next;
            accounts.replay(client);
            accounts.save(snapshot);
            System.out.println("replayed " + (accounts.next - from) + " from LSN " + from + ": " + accounts.balances);
        }
    }

    /** Only appends: the balance changes when the deposit is replayed, in each process that has the log. */
    private static void deposit(SeawallClient client, String account, long amount) {
        try (var writer = client.writer(LOG)) {
            writer.append(amount + " " + account).join();
        }
    }

    private void replay(SeawallClient client) {
        var untilTail = ReaderOptions.defaults().withUntilTail(true);
        try (var reader = client.reader(LOG, StartPosition.lsn(next), untilTail)) {
            for (var record : reader) {
                apply(record.text());
                next = record.lsn() + 1;
            }
        }
    }

    /** The result depends on nothing but the state and the record: no clock, no chance, or processes would differ. */
    private void apply(String deposit) {
        var words = deposit.split(" ", 2);
        balances.merge(words[1], Long.parseLong(words[0]), Long::sum);
    }

    private static Accounts load(Path snapshot) throws IOException {
        var balances = new TreeMap<String, Long>();
        if (!Files.exists(snapshot)) {
            return new Accounts(0, balances);
        }
        var lines = Files.readAllLines(snapshot);
        for (var line : lines.subList(1, lines.size())) {
            var words = line.split(" ", 2);
            balances.put(words[1], Long.parseLong(words[0]));
        }
        return new Accounts(Long.parseLong(lines.get(0)), balances);
    }

    /** Replaces the file at once: a crash leaves the old snapshot or the new one, and either is right. */
    private void save(Path snapshot) throws IOException {
        var text = new StringBuilder(next + "\n");
        balances.forEach((account, balance) -> text.append(balance + " " + account + "\n"));
        var draft = Path.of(snapshot + ".new");
        Files.writeString(draft, text, UTF_8);
        Files.move(draft, snapshot, ATOMIC_MOVE);
    }
}
