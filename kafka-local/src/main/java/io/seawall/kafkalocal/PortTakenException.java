package io.seawall.kafkalocal;

/**
 * A broker found one of its ports taken: another process took the port after it was chosen and before the broker started.
 */
final class PortTakenException extends LocalKafkaException {
    private static final long serialVersionUID = 1L;

    PortTakenException(String message) {
        super(message);
    }
}
