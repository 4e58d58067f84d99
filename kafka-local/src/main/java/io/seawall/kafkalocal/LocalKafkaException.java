package io.seawall.kafkalocal;

/**
 * Brokers could not be started or controlled. The message names the broker and the cause, and the fix where it is known.
 */
public class LocalKafkaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LocalKafkaException(String message) {
        super(message);
    }

    LocalKafkaException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Returns the exception for an interrupt and restores the thread's interrupt flag. */
    static LocalKafkaException interrupted(String operation, InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new LocalKafkaException("Interrupted while trying to " + operation, cause);
    }
}
