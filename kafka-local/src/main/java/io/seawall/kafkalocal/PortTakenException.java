package io.seawall.kafkalocal;

/** A broker found one of its ports taken: between the choice of the port and the broker's start somebody else was faster. */
final class PortTakenException extends LocalKafkaException {
    private static final long serialVersionUID = 1L;

    PortTakenException(String message) {
        super(message);
    }
}
