package io.seawall.kafkasim;

/** A broker's response, with its numbers. */
final class Answer {
    /** Kafka's error codes that producers of lanes can receive. */
    enum Code {
        OK,
        /** This broker does not lead the partition, or not yet: retry. */
        NOT_LEADER,
        NOT_COORDINATOR,
        NOT_ENOUGH_REPLICAS,
        /** The transactional id still completes its last transaction: retry. */
        CONCURRENT_TRANSACTIONS,
        OUT_OF_ORDER_SEQUENCE,
        UNKNOWN_TOPIC,
        MESSAGE_TOO_LARGE,
        INVALID_RECORD,
        INVALID_PRODUCER_EPOCH,
        PRODUCER_FENCED,
        INVALID_PRODUCER_ID_MAPPING,
        INVALID_TXN_STATE;

        /** Returns whether Kafka's client retries by itself. */
        boolean isRetried() {
            return switch (this) {
                case NOT_LEADER,
                        NOT_COORDINATOR,
                        NOT_ENOUGH_REPLICAS,
                        CONCURRENT_TRANSACTIONS,
                        OUT_OF_ORDER_SEQUENCE,
                        UNKNOWN_TOPIC -> true;
                case OK,
                        MESSAGE_TOO_LARGE,
                        INVALID_RECORD,
                        INVALID_PRODUCER_EPOCH,
                        PRODUCER_FENCED,
                        INVALID_PRODUCER_ID_MAPPING,
                        INVALID_TXN_STATE -> false;
            };
        }
    }

    private final Code code;
    private final long offset;
    private final ProducerIdentity identity;

    private Answer(Code code, long offset, ProducerIdentity identity) {
        this.code = code;
        this.offset = offset;
        this.identity = identity;
    }

    static Answer error(Code code) {
        return new Answer(code, -1, ProducerIdentity.NONE);
    }

    static Answer at(long offset) {
        return new Answer(Code.OK, offset, ProducerIdentity.NONE);
    }

    static Answer identity(ProducerIdentity identity) {
        return new Answer(Code.OK, -1, identity);
    }

    static Answer ok() {
        return new Answer(Code.OK, -1, ProducerIdentity.NONE);
    }

    Code code() {
        return code;
    }

    long offset() {
        return offset;
    }

    ProducerIdentity identity() {
        return identity;
    }
}
