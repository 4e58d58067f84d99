package io.seawall.node.grpc.append;

import io.seawall.wal.WalException;
import io.seawall.wal.WalRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A message of a client that appends, as {@link AppendParser} has read it. */
sealed interface AppendMessage {
    /** Says which of the kinds it is, because Java 17 has no switch over types. */
    enum Kind {
        OPEN,
        BATCH,
        REFUSED,
        BROKEN
    }

    Kind kind();

    /**
     * Names the log.
     *
     * @param pchannel the log's name as it was sent
     * @param writerId the id of the writer session; empty for none
     */
    record Open(String pchannel, String writerId) implements AppendMessage {
        @Override
        public Kind kind() {
            return Kind.OPEN;
        }
    }

    /**
     * A batch.
     *
     * @param records its records, which keep the rules
     * @param bytes their size: keys, values, headers
     * @param ifTail the tail that the log has to have, or null
     * @param seq the number in the writer session, or null
     */
    record Batch(
            List<WalRecord> records,
            long bytes,
            @Nullable Long ifTail,
            @Nullable Long seq) implements AppendMessage {
        /** Written out because javac 17 drops the Nullable from a compact constructor. */
        public Batch(List<WalRecord> records, long bytes, @Nullable Long ifTail, @Nullable Long seq) {
            this.records = List.copyOf(records);
            this.bytes = bytes;
            this.ifTail = ifTail;
            this.seq = seq;
        }

        @Override
        public Kind kind() {
            return Kind.BATCH;
        }
    }

    /**
     * A batch that breaks a rule.
     *
     * @param why the rule
     */
    record Refused(WalException why) implements AppendMessage {
        @Override
        public Kind kind() {
            return Kind.REFUSED;
        }
    }

    /**
     * Bytes that are no message.
     *
     * @param why what is wrong
     */
    record Broken(WalException why) implements AppendMessage {
        @Override
        public Kind kind() {
            return Kind.BROKEN;
        }
    }
}
