package io.seawall.coordinator.meta;

import io.seawall.wal.PChannel;
import java.time.Instant;
import java.util.Optional;

/**
 * A record of the meta topic. The last record of a key counts, and it counts alone: no record needs an earlier one of its key or
 * of any other, so that compaction loses nothing.
 *
 * <p>Times are those of the writer's wall clock. Decisions use none of them but {@link Freeze#until}; they are for people.
 * Texts are empty where there is nothing to say.
 */
public sealed interface MetaRecord
        permits Assignment,
                MetaRecord.Coordinator,
                MetaRecord.Topic,
                MetaRecord.Node,
                MetaRecord.Suspicion,
                MetaRecord.Drain,
                MetaRecord.Pin,
                MetaRecord.Freeze,
                MetaRecord.Status {
    /** The highest term that is ever given out: the largest whole number that every JSON parser keeps exactly. */
    long MOST_TERM = (1L << 53) - 1;

    /** The most pchannels of a topic. */
    int MOST_PCHANNELS = 1_000_000;

    /** Returns the record's key. */
    MetaKey key();

    /**
     * Who coordinates. It is the last record of each of a coordinator's transactions, so that a coordinator which reads its own
     * record knows that it has read everything before it.
     *
     * @param node the coordinator's node
     * @param incarnation its process
     * @param nonce a text that is different each time a coordinator begins
     * @param decision the number of the transaction, counted from 0
     * @param at when it was written
     */
    record Coordinator(String node, String incarnation, String nonce, long decision, Instant at) implements MetaRecord {
        @Override
        public MetaKey key() {
            return MetaKey.coordinator();
        }
    }

    /**
     * A topic that was created.
     *
     * @param name its name without prefix
     * @param pchannels how many pchannels it has
     */
    record Topic(String name, int pchannels) implements MetaRecord {
        @Override
        public MetaKey key() {
            return MetaKey.topic(name);
        }
    }

    /**
     * A node, as it announces itself at its start.
     *
     * @param id the node's id
     * @param incarnation a text that is different for each process of the cluster, as the node's id and a random part
     * @param beat 0 at the start; the process adds one and writes the record again when it finds itself suspected
     * @param url where it serves clients
     * @param peerUrl where the other nodes reach it; empty if that is {@code url}
     * @param grpc where it serves gRPC to clients, as host:port; empty if it does not
     * @param leaving whether the process hands over its logs because it is about to end
     * @param at when it was written
     */
    record Node(
            String id,
            String incarnation,
            long beat,
            String url,
            String peerUrl,
            String grpc,
            boolean leaving,
            Instant at)
            implements MetaRecord {
        /** Creates the record of a node that clients and other nodes reach at the same URL, without gRPC. */
        public Node(String id, String incarnation, long beat, String url, boolean leaving, Instant at) {
            this(id, incarnation, beat, url, "", leaving, at);
        }

        /** Creates the record of a node without gRPC. */
        public Node(String id, String incarnation, long beat, String url, String peerUrl, boolean leaving, Instant at) {
            this(id, incarnation, beat, url, peerUrl, "", leaving, at);
        }

        /** Returns where the other nodes reach it. */
        public String urlForPeers() {
            return peerUrl.isEmpty() ? url : peerUrl;
        }

        @Override
        public MetaKey key() {
            return MetaKey.node(id);
        }
    }

    /**
     * A process that is taken for dead, because a connection to it was reset and the next one refused. It is over as soon as the
     * node announces another incarnation or beat.
     *
     * @param node the node
     * @param incarnation the process
     * @param beat the beat that the process had announced last
     * @param by the node that saw it
     * @param at when it was written
     */
    record Suspicion(String node, String incarnation, long beat, String by, Instant at) implements MetaRecord {
        @Override
        public MetaKey key() {
            return MetaKey.suspicion(node);
        }

        /** Returns whether this is about the process that a node announced last. */
        public boolean isAbout(Node announced) {
            return announced.id().equals(node)
                    && announced.incarnation().equals(incarnation)
                    && announced.beat() == beat;
        }
    }

    /**
     * An operator's order to empty a node. It outlives the node's processes, until it is taken back.
     *
     * @param node the node
     * @param forced whether the logs are to leave the node even if no other node can take them
     * @param reason why
     * @param at when it was written
     */
    record Drain(String node, boolean forced, String reason, Instant at) implements MetaRecord {
        @Override
        public MetaKey key() {
            return MetaKey.drain(node);
        }
    }

    /**
     * An operator's wish to have a log on a node.
     *
     * @param pchannel the log
     * @param node the node
     * @param reason why
     * @param at when it was written
     */
    record Pin(PChannel pchannel, String node, String reason, Instant at) implements MetaRecord {
        @Override
        public MetaKey key() {
            return MetaKey.pin(pchannel);
        }
    }

    /**
     * An operator's order not to move logs that have an owner.
     *
     * @param key its scope: {@link MetaKey#freezeAll}, {@link MetaKey#freezeNode} or {@link MetaKey#freezePChannel}
     * @param reason why
     * @param until when it ends by itself; empty if it does not
     * @param at when it was written
     */
    record Freeze(MetaKey key, String reason, Optional<Instant> until, Instant at) implements MetaRecord {
        /** Returns whether it has ended by itself. */
        public boolean isOver(Instant now) {
            return until.isPresent() && !now.isBefore(until.get());
        }
    }

    /**
     * What a process reports about a log.
     *
     * @param pchannel the log
     * @param incarnation the process
     * @param term the term that it is about
     * @param condition what became of that term here
     * @param code the stable name of the error; empty if there is none
     * @param message the error's message
     * @param seenTerm the highest term that the process has met in the log itself, -1 if none; {@link #MOST_TERM} stands for all
     *     above it
     * @param rival who holds that term, or fenced this one
     * @param servedMs how long the term was open here until it ended, in milliseconds; 0 if it was never open or still is
     * @param at when it was written
     */
    record Status(
            PChannel pchannel,
            String incarnation,
            long term,
            Condition condition,
            String code,
            String message,
            long seenTerm,
            String rival,
            long servedMs,
            Instant at)
            implements MetaRecord {
        private static final int LONGEST_TEXT = 1_000;

        /**
         * Bounds the term that was met, because others than this cluster may claim any term and the report has to be readable;
         * and the texts, because each node keeps several for each log.
         */
        public Status {
            seenTerm = Math.min(seenTerm, MOST_TERM);
            code = cut(code);
            message = cut(message);
            rival = cut(rival);
        }

        private static String cut(String text) {
            if (text.length() <= LONGEST_TEXT) {
                return text;
            }
            var end = Character.isHighSurrogate(text.charAt(LONGEST_TEXT - 1)) ? LONGEST_TEXT - 1 : LONGEST_TEXT;
            return text.substring(0, end);
        }

        @Override
        public MetaKey key() {
            return MetaKey.status(pchannel, incarnation);
        }

        /** Returns the highest term that this report knows of. */
        public long highestTerm() {
            return Math.max(term, seenTerm);
        }
    }

    /** What became of a term on the node that had to open it. */
    enum Condition {
        /** The node is opening the log. */
        OPENING,
        /** The log is open. */
        AVAILABLE,
        /** The node closed the log because the assignment said so. */
        RELEASED,
        /** The opening failed, or the log ended by itself. */
        FAILED
    }
}
