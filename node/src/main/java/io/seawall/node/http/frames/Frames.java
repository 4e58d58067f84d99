package io.seawall.node.http.frames;

/**
 * The layout of {@code application/vnd.seawall.records} (docs/http-records.md). A body is a sequence of frames. All numbers are
 * big-endian; a length of -1 is null.
 *
 * <pre>
 * frame    length int32 (of what follows), kind int8, content
 * APPEND   record                                                     in a request: a record to append
 * RECORD   lsn int64, term int64, timestampMs int64, record           in an answer: a record of the log
 * END      next int64, tail int64, oldest int64                       in an answer, last: all that was asked for is there
 * ERROR    problem+json in UTF-8                                      in an answer, last: the read failed here
 * record   key bytes, value bytes, headers int32 (how many), then for each: name bytes (UTF-8, not null), value bytes
 * bytes    length int32 (-1 for null), the bytes
 * </pre>
 */
public final class Frames {
    public static final String MEDIA_TYPE = "application/vnd.seawall.records";

    static final byte APPEND = 1;
    static final byte RECORD = 2;
    static final byte END = 3;
    static final byte ERROR = 4;

    static final int NULL = -1;

    private Frames() {}
}
