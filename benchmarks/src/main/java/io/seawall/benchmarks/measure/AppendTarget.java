package io.seawall.benchmarks.measure;

/** One side of an append benchmark: something that records can be appended to. */
public interface AppendTarget extends AutoCloseable {
    /**
     * Appends a record without waiting. Called by one thread.
     *
     * @param value the record's bytes
     * @param answer called once, on any thread
     */
    void append(byte[] value, AppendCallback answer);

    /** Sends the records of a batch that is not full. Called by the thread that appends. */
    default void flush() {
        // Most sides send each record at once.
    }

    @Override
    void close();

    /** Creates a side for each round, with its own topic and clients, warmed up: one record has been answered. */
    interface Source {
        /**
         * Creates the side.
         *
         * @param topic a name that was not used yet
         */
        AppendTarget open(String topic);
    }
}
