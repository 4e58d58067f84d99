package io.seawall.kafkasim;

/**
 * What Kafka knows a producer by.
 *
 * @param id the producer id
 * @param epoch fences: a lower one of the same id is refused
 */
record ProducerIdentity(long id, int epoch) {
    /** Nobody. */
    static final ProducerIdentity NONE = new ProducerIdentity(-1, -1);

    ProducerIdentity bumped() {
        return new ProducerIdentity(id, epoch + 1);
    }

    @Override
    public String toString() {
        return id + ":" + epoch;
    }
}
