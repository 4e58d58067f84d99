package io.seawall.coordinator.meta;

import io.seawall.wal.PChannel;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The assignment of a log. A legal transition is a method of the phase that it leaves:
 *
 * <pre>
 *   Unowned ------> Owned ------> Releasing
 *                   | ^ next term   | released: Owned of the target, or Unowned
 *                   +-+             |
 *                   | failed        | failed
 *                   v               v
 *                   Quarantined -----------> Unowned
 *   each phase ---> Retired ---------------> Unowned
 * </pre>
 *
 * A term is given to one process, once: only the way into {@link Owned} gives one out, and it is above all before it. An
 * assignment is never deleted, since its term would be lost.
 */
public sealed interface Assignment extends MetaRecord {
    /** Returns the log. */
    PChannel pchannel();

    /** Returns the highest term that was given out, -1 if none was. */
    long term();

    /** Returns the node that has the log, or had it last; empty if none ever had it. */
    String home();

    /** Returns the process that has to have the log open, or has to close it; empty if none has. */
    default Optional<Owner> process() {
        return Optional.empty();
    }

    /** Returns why the assignment is what it is. */
    Note note();

    /** Returns the phase's kind. */
    Phase phase();

    @Override
    default MetaKey key() {
        return MetaKey.assignment(pchannel());
    }

    /**
     * Returns the term at which a process is to have the log open.
     *
     * @return the term; empty if the process is to have it closed
     */
    default OptionalLong termFor(Owner process) {
        return OptionalLong.empty();
    }

    /** Ends the log's assignment because its topic is gone. */
    default Retired toRetired(Note why) {
        return new Retired(pchannel(), term(), why);
    }

    /** The kinds of phases. */
    enum Phase {
        /** No process has to open the log. */
        UNOWNED,
        /** A process has to open the log and keep it open. */
        OWNED,
        /** The owner has to close the log. */
        RELEASING,
        /** The log stays closed until a person mends it. */
        QUARANTINED,
        /** The topic is gone. */
        RETIRED
    }

    /**
     * A process of a node.
     *
     * @param node the node's id
     * @param incarnation the process
     */
    record Owner(String node, String incarnation) {}

    /**
     * Why, in a word and in a sentence.
     *
     * @param reason the reason
     * @param text what was seen
     * @param since when it was decided, by the coordinator's wall clock
     */
    record Note(Reason reason, String text, Instant since) {}

    /** No process has to open the log, and none has it open. */
    record Unowned(PChannel pchannel, long term, String home, Note note) implements Assignment {
        @Override
        public Phase phase() {
            return Phase.UNOWNED;
        }

        /** Gives the log to a process at a term that was never given out. */
        public Owned toOwned(long next, Owner owner, Note why) {
            return new Owned(pchannel, above(term, next), owner, 0, why);
        }
    }

    /**
     * A process has to open the log and keep it open.
     *
     * @param failures how many terms in a row failed before this one
     */
    record Owned(PChannel pchannel, long term, Owner owner, int failures, Note note) implements Assignment {
        @Override
        public Phase phase() {
            return Phase.OWNED;
        }

        @Override
        public Optional<Owner> process() {
            return Optional.of(owner);
        }

        @Override
        public String home() {
            return owner.node();
        }

        @Override
        public OptionalLong termFor(Owner process) {
            return process.equals(owner) ? OptionalLong.of(term) : OptionalLong.empty();
        }

        /** Gives the log to a process, the same or another, because this term is over. */
        public Owned toOwned(long next, Owner taker, int failed, Note why) {
            return new Owned(pchannel, above(term, next), taker, failed, why);
        }

        /** Tells the owner to close the log, so that another node can take it; an empty target means no node. */
        public Releasing toReleasing(String target, Note why) {
            return new Releasing(pchannel, term, owner, target, why);
        }

        /** Leaves the log closed until a person mends it. */
        public Quarantined toQuarantined(String code, Note why) {
            return new Quarantined(pchannel, term, owner.node(), code, why);
        }
    }

    /**
     * The owner has to close the log; then the target gets it at the next term.
     *
     * @param target the node that is to have it; empty for none
     */
    record Releasing(PChannel pchannel, long term, Owner owner, String target, Note note) implements Assignment {
        @Override
        public Phase phase() {
            return Phase.RELEASING;
        }

        @Override
        public Optional<Owner> process() {
            return Optional.of(owner);
        }

        @Override
        public String home() {
            return owner.node();
        }

        /** Gives the log to a process: it was released, or its owner need not be waited for. */
        public Owned toOwned(long next, Owner taker, Note why) {
            return new Owned(pchannel, above(term, next), taker, 0, why);
        }

        /** Leaves the log without an owner. */
        public Unowned toUnowned(Note why) {
            return new Unowned(pchannel, term, owner.node(), why);
        }

        /** Leaves the log closed until a person mends it. */
        public Quarantined toQuarantined(String code, Note why) {
            return new Quarantined(pchannel, term, owner.node(), code, why);
        }
    }

    /**
     * The log stays closed until a person mends it.
     *
     * @param code the stable name of the error
     */
    record Quarantined(PChannel pchannel, long term, String home, String code, Note note) implements Assignment {
        @Override
        public Phase phase() {
            return Phase.QUARANTINED;
        }

        /** Tries once more. */
        public Unowned toUnowned(Note why) {
            return new Unowned(pchannel, term, home, why);
        }
    }

    /** The topic is gone. The term is kept, because a topic of the same name continues above it. */
    record Retired(PChannel pchannel, long term, Note note) implements Assignment {
        @Override
        public Phase phase() {
            return Phase.RETIRED;
        }

        @Override
        public String home() {
            return "";
        }

        /** The topic is there again. */
        public Unowned toUnowned(Note why) {
            return new Unowned(pchannel, term, "", why);
        }
    }

    private static long above(long term, long next) {
        if (next <= term || next > MOST_TERM) {
            throw new IllegalStateException("the next term is " + next + ", expected one above " + term);
        }
        return next;
    }
}
