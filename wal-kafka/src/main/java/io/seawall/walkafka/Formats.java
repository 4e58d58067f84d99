package io.seawall.walkafka;

import io.seawall.wal.ErrorCode;
import io.seawall.wal.PChannel;
import io.seawall.wal.Problem;

/** Knows up to which version of the log's format this code can read. */
final class Formats {
    private Formats() {}

    /**
     * Refuses a record that a later version wrote. Its data records may mean anything, so there is no reading on; every owner
     * writes a claim before its first data record.
     */
    static void check(PChannel pchannel, LogEntry entry) {
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
