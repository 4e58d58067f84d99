package io.seawall.benchmarks;

/** One side of an append benchmark: something that records can be appended to. */
interface Load extends AutoCloseable {
    /**
     * Appends a record without waiting. Called by one thread.
     *
     * @param value the record's bytes
     * @param answer told once, on any thread
     */
    void append(byte[] value, Answer answer);

    /** Ends it. */
    @Override
    void close();

    /** Makes one side anew for each round, with a topic and clients of its own, warm: one record has been answered. */
    interface Source {
        /**
         * Makes it.
         *
         * @param topic a name that was not used yet
         */
        Load open(String topic);
    }
}
