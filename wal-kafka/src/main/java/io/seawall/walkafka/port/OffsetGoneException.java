package io.seawall.walkafka.port;

/** The partition does not have the requested offset: it was trimmed or lost. The reader finds out which. */
public final class OffsetGoneException extends RuntimeException {
    private final long offset;

    public OffsetGoneException(long offset, Throwable cause) {
        super("offset " + offset + " is not in the partition", cause);
        this.offset = offset;
    }

    public long offset() {
        return offset;
    }
}
