package io.seawall.walkafka.internal.format;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;

/** Checks that this code can read the format version of a log. */
public final class Formats {
    private Formats() {}

    /**
     * Refuses a control record of a later format version, since the data records after it may have another meaning. Control
     * records suffice: every owner writes a claim before its first data record.
     *
     * @throws io.seawall.wal.WalException with INTERNAL if the version is higher than {@link ControlBody#FORMAT}
     */
    public static void check(PChannel pchannel, LogEntry entry) {
        var header = entry.header();
        if (header == null || header.kind() == WalHeader.Kind.DATA) {
            return;
        }
        var format = ControlBody.read(entry.data().value()).number("format", ControlBody.FORMAT);
        if (format > ControlBody.FORMAT) {
            throw Problem.of(ErrorCode.INTERNAL, "read " + pchannel)
                    .pchannel(pchannel)
                    .found("format " + format + " at offset " + entry.offset() + ", written by term "
                            + header.stamp().term())
                    .expected("at most format " + ControlBody.FORMAT)
                    .fix("upgrade this node: a later version of Seawall writes this log")
                    .exception();
        }
    }
}
