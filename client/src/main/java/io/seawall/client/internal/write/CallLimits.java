package io.seawall.client.internal.write;

/**
 * What a node said when it opened a call.
 *
 * @param recordBytes the most bytes of one record: key, value and headers; 0 for unknown
 * @param batchBytes the most bytes of the records of one batch; 0 for unknown
 * @param messageBytes the most bytes of one message; 0 for unknown
 */
record CallLimits(int recordBytes, int batchBytes, int messageBytes) {
    /** What a message has besides its records: the number, the condition and their tags. */
    private static final int MESSAGE_OVERHEAD_BYTES = 64;

    /** Returns whether the node would refuse the batch, or might: a message is a little larger than what the node counts. */
    boolean isTooLarge(Batch batch) {
        return !takesAlone(batch) || (batchBytes > 0 && batch.messageBytes() > batchBytes);
    }

    /** Returns whether the batch can be sent if it is one append, so that the node decides. */
    boolean takesAlone(Batch batch) {
        return (recordBytes == 0 || batch.largestRecordBytes() <= recordBytes)
                && (messageBytes == 0 || batch.messageBytes() <= messageBytes - MESSAGE_OVERHEAD_BYTES);
    }
}
