package io.seawall.kafkasim;

/**
 * Kafka's identity of a producer.
 *
 * @param id the producer id
 * @param epoch fences: a lower one of the same id is rejected
 */
record ProducerIdentity(long id, int epoch) {
    /** No producer. */
    static final ProducerIdentity NONE = new ProducerIdentity(-1, -1);

    ProducerIdentity bumped() {
        return new ProducerIdentity(id, epoch + 1);
    }

    @Override
    public String toString() {
        return id + ":" + epoch;
    }
}
