package io.seawall.flusher.segment;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;
import io.seawall.wal.WalException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of a segment. LSNs are dense, so the next name is always the last LSN + 1: two flushers compete for one name, and
 * never publish overlapping ranges under different names; see docs/protocol.md#segment-names.
 *
 * @param pchannel the log
 * @param firstLsn the LSN of the segment's first record, 0 or more
 */
public record SegmentKey(PChannel pchannel, long firstLsn) implements Comparable<SegmentKey> {
    private static final Pattern FILE_NAME = Pattern.compile("([0-9]{20})\\.avro");

    /**
     * Checks the number.
     *
     * @throws io.seawall.wal.RequestException with {@link ErrorCode#INVALID} if it is below 0
     */
    public SegmentKey {
        if (firstLsn < 0) {
            throw Problem.of(ErrorCode.INVALID, "name a segment of " + pchannel)
                    .pchannel(pchannel)
                    .found("first LSN " + firstLsn)
                    .expected("0 or more")
                    .exception();
        }
    }

    /** Returns the folder below the store's root: {@code <topic>/<partition>}. */
    public static String folder(PChannel pchannel) {
        return pchannel.topic() + "/" + pchannel.partition();
    }

    /**
     * Returns the name inside the folder: the first LSN with 20 digits and {@code .avro}, so that names sort as LSNs do.
     */
    public String fileName() {
        return "%020d.avro".formatted(firstLsn);
    }

    /** Returns the path below the store's root. */
    public String path() {
        return folder(pchannel) + "/" + fileName();
    }

    /**
     * Returns the log of two folder names, {@code <topic>} and below it {@code <partition>}; empty if they are not ours.
     */
    public static Optional<PChannel> pchannelOf(String topic, String partition) {
        try {
            return Optional.of(PChannel.parse(topic + "-" + partition));
        } catch (WalException foreign) {
            return Optional.empty();
        }
    }

    /** Returns the key of a file name; empty if it is not ours. */
    public static Optional<SegmentKey> ofFileName(PChannel pchannel, String name) {
        var matcher = FILE_NAME.matcher(name);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        var digits = matcher.group(1);
        // Twenty digits can exceed a long: we never write such a name.
        return digits.compareTo("%020d".formatted(Long.MAX_VALUE)) > 0
                ? Optional.empty()
                : Optional.of(new SegmentKey(pchannel, Long.parseLong(digits)));
    }

    @Override
    public int compareTo(SegmentKey other) {
        var byPchannel = pchannel.compareTo(other.pchannel);
        return byPchannel != 0 ? byPchannel : Long.compare(firstLsn, other.firstLsn);
    }

    @Override
    public String toString() {
        return path();
    }
}
