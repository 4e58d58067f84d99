package io.seawall.examples.changefeed;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.seawall.client.SeawallClient;
import io.seawall.client.log.LogReader;
import io.seawall.client.log.LogRecord;
import io.seawall.client.log.StartPosition;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Keeps a table of SQLite up to date with a log, each record exactly once: the changes of rows and the LSN to read next are stored in
 * one transaction, so a crash undoes both or none. Any database with transactions does.
 *
 * <p>A record's key is a product, its value the number by which the stock of it changes.
 */
public final class ChangeFeed {
    private ChangeFeed() {}

    public static void main(String[] args) throws SQLException {
        if (args.length != 3) {
            System.err.println("usage: change-feed NODE LOG DATABASE, as in 127.0.0.1:7071 demo-0 stock.db");
            System.exit(2);
        }
        try (var database = DriverManager.getConnection("jdbc:sqlite:" + args[2]);
                var client = SeawallClient.connect(args[0])) {
            createTables(database);
            database.setAutoCommit(false);
            try (var reader = client.reader(args[1], StartPosition.lsn(next(database)))) {
                follow(reader, database);
            }
        }
    }

    /** Works until the process is killed. */
    private static void follow(LogReader reader, Connection database) throws SQLException {
        while (true) {
            var records = reader.poll(Duration.ofSeconds(10));
            if (!records.isEmpty()) {
                store(records, database);
                database.commit();
                System.out.println("next LSN " + reader.next());
            }
        }
    }

    private static void store(List<LogRecord> records, Connection database) throws SQLException {
        try (var change = database.prepareStatement("INSERT INTO stock VALUES (?, ?)"
                        + " ON CONFLICT (product) DO UPDATE SET amount = amount + excluded.amount");
                var position = database.prepareStatement("UPDATE position SET next = ?")) {
            for (var record : records) {
                change.setString(
                        1, new String(Objects.requireNonNull(record.data().key()), UTF_8));
                change.setLong(2, Long.parseLong(record.text()));
                change.executeUpdate();
                position.setLong(1, record.lsn() + 1);
            }
            position.executeUpdate();
        }
    }

    private static void createTables(Connection database) throws SQLException {
        try (var statement = database.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS stock (product TEXT PRIMARY KEY, amount INTEGER NOT NULL)");
            statement.execute("CREATE TABLE IF NOT EXISTS position (next INTEGER NOT NULL)");
            statement.execute("INSERT INTO position SELECT 0 WHERE NOT EXISTS (SELECT * FROM position)");
        }
    }

    private static long next(Connection database) throws SQLException {
        try (var statement = database.createStatement();
                var row = statement.executeQuery("SELECT next FROM position")) {
            row.next();
            return row.getLong(1);
        }
    }
}
