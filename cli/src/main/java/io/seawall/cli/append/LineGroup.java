package io.seawall.cli.append;

import io.seawall.client.log.SeawallException;
import io.seawall.client.log.WalRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Lines that are given to the client as one append, so that an answer is not the cost of each line. The client puts groups together
 * into batches, which hold far more. Filled by one thread, then not changed.
 */
final class LineGroup {
    /** A tenth of a batch: small enough that batches become full, and that few lines share the fate of a bad one. */
    static final int MOST_LINES = 100;

    static final int MOST_BYTES = 64 << 10;

    private final RecordTemplate template;
    private final long firstLine;
    private final List<WalRecord> records = new ArrayList<>(MOST_LINES);
    private long bytes;

    /**
     * Creates an empty group.
     *
     * @param firstLine the number of its first line in the input, from 1
     */
    LineGroup(RecordTemplate template, long firstLine) {
        this.template = template;
        this.firstLine = firstLine;
    }

    /** Returns whether a line of this length may be added; a first line may have any length. */
    boolean fits(int length) {
        return records.isEmpty()
                || (records.size() < MOST_LINES && bytes + length + template.sizeBytes() <= MOST_BYTES);
    }

    /** Adds a copy of a line. */
    void add(byte[] buffer, int offset, int length) {
        records.add(template.record(Arrays.copyOfRange(buffer, offset, offset + length)));
        bytes += length + template.sizeBytes();
    }

    boolean isEmpty() {
        return records.isEmpty();
    }

    List<WalRecord> records() {
        return records;
    }

    int lines() {
        return records.size();
    }

    long firstLine() {
        return firstLine;
    }

    long lastLine() {
        return firstLine + records.size() - 1;
    }

    /** Returns the size of the records in bytes before encoding. */
    long bytes() {
        return bytes;
    }

    /** Returns which line is to blame, as the beginning of a message; an empty text if that is not known. */
    String culprit(SeawallException error) {
        var limit = error.number("limit").orElse(Long.MAX_VALUE);
        for (var at = 0; at < records.size(); at++) {
            if (Objects.requireNonNull(records.get(at).value()).length + (long) template.countedBytes() > limit) {
                return "line " + (firstLine + at) + ": ";
            }
        }
        return "";
    }
}
