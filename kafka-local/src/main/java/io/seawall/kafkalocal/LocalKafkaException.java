package io.seawall.kafkalocal;

/** Brokers could not be started or controlled. The message says which one, why, and what to do where that is known. */
public class LocalKafkaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LocalKafkaException(String message) {
        super(message);
    }

    LocalKafkaException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The answer to an interrupt: the flag is set again for the caller. */
    static LocalKafkaException interrupted(String operation, InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new LocalKafkaException("Interrupted while trying to " + operation, cause);
    }
}
