package io.seawall.walkafka;

/** The partition does not have the offset that was asked for: trimmed, or lost. The reader finds out which. */
final class OffsetGoneException extends RuntimeException {
    private final long offset;

    OffsetGoneException(long offset, Throwable cause) {
        super("offset " + offset + " is not in the partition", cause);
        this.offset = offset;
    }

    long offset() {
        return offset;
    }
}
