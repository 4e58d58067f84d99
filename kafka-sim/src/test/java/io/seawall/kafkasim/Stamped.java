package io.seawall.kafkasim;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The {@code wal} header as docs/protocol.md#partition defines it, read without the product's own code, which is on trial here.
 *
 * @param kind data, snapshot, lease or claim
 * @param term of the writer
 * @param epoch of the writer
 * @param lsn of data and snapshots, else -1
 * @param more how many members of the batch follow
 * @param copy whether it is a republished copy
 */
record Stamped(Kind kind, long term, long epoch, long lsn, int more, boolean copy) {
    private static final Pattern DATA = Pattern.compile("(\\d+)\\.(\\d+)/(\\d+)(?:\\+(\\d+))?(@\\d+)?");
    private static final Pattern SNAPSHOT = Pattern.compile("(\\d+)\\.(\\d+)/(\\d+) snapshot");
    private static final Pattern OTHER = Pattern.compile("(\\d+)\\.(\\d+) (lease|claim)");

    enum Kind {
        DATA,
        SNAPSHOT,
        LEASE,
        CLAIM
    }

    static @Nullable Stamped read(byte @Nullable [] header) {
        if (header == null) {
            return null;
        }
        var text = new String(header, StandardCharsets.US_ASCII);
        var data = DATA.matcher(text);
        if (data.matches()) {
            var more = data.group(4) == null ? 0 : Integer.parseInt(data.group(4));
            return new Stamped(
                    Kind.DATA,
                    number(data.group(1)),
                    number(data.group(2)),
                    number(data.group(3)),
                    more,
                    data.group(5) != null);
        }
        var snapshot = SNAPSHOT.matcher(text);
        if (snapshot.matches()) {
            return new Stamped(
                    Kind.SNAPSHOT,
                    number(snapshot.group(1)),
                    number(snapshot.group(2)),
                    number(snapshot.group(3)),
                    0,
                    false);
        }
        var other = OTHER.matcher(text);
        if (other.matches()) {
            var kind = other.group(3).equals("lease") ? Kind.LEASE : Kind.CLAIM;
            return new Stamped(kind, number(other.group(1)), number(other.group(2)), -1, 0, false);
        }
        return null;
    }

    private static long number(String digits) {
        return Long.parseLong(digits);
    }

    boolean isBelow(Stamped other) {
        return term < other.term || (term == other.term && epoch < other.epoch);
    }

    boolean sameStamp(Stamped other) {
        return term == other.term && epoch == other.epoch;
    }
}
