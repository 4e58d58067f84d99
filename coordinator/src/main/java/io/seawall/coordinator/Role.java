package io.seawall.coordinator;

/**
 * The part that a node plays. A legal transition is a method of the role that it leaves:
 *
 * <pre>
 *   Follower ---> Fencing ---> Announcing ---> Leading ---> Writing
 *                                                 ^            |
 *                                                 +- replayed -+
 *   each role ---> Follower: deposed, fenced, or a write failed
 * </pre>
 *
 * A coordinator decides only while it is Leading: it has replayed all that its predecessors wrote, and its own last transaction.
 */
sealed interface Role {
    /** Returns the role's name for people. */
    String text();

    /** Returns the nonce of the attempt that led to this role; empty for a follower. */
    String nonce();

    /** Another node coordinates, or none. */
    record Follower() implements Role {
        @Override
        public String text() {
            return "follower";
        }

        @Override
        public String nonce() {
            return "";
        }

        Fencing toFencing(String nonce) {
            return new Fencing(nonce);
        }
    }

    /** The transactional id is being taken, so that no predecessor can write any more. */
    record Fencing(String nonce) implements Role {
        @Override
        public String text() {
            return "fencing";
        }

        Announcing toAnnouncing() {
            return new Announcing(nonce);
        }
    }

    /** The first record is being written; all that predecessors wrote is in front of it. */
    record Announcing(String nonce) implements Role {
        @Override
        public String text() {
            return "announcing";
        }

        Leading toLeading() {
            return new Leading(nonce, 0);
        }
    }

    /** Everything was replayed, and nothing is being written. */
    record Leading(String nonce, long decision) implements Role {
        @Override
        public String text() {
            return "leading";
        }

        Writing toWriting() {
            return new Writing(nonce, decision + 1);
        }
    }

    /** A decision is being written, and was not replayed yet. */
    record Writing(String nonce, long decision) implements Role {
        @Override
        public String text() {
            return "writing";
        }

        Leading toLeading() {
            return new Leading(nonce, decision);
        }
    }
}
