package io.seawall.node.guard;

import io.seawall.node.access.Need;

/** One request and the rights of its caller. Thread-safe; nothing blocks. */
public interface Session {
    /** The caller of a node without an access file, and of what everybody may do. */
    Session ANYONE = new Session() {
        @Override
        public void require(Need need) {}

        @Override
        public boolean sees(String topic) {
            return true;
        }

        @Override
        public void check() {}

        @Override
        public void finished(String result) {}
    };

    /**
     * States what the request needs.
     *
     * @throws io.seawall.wal.WalException with code FORBIDDEN if the caller lacks it
     */
    void require(Need need);

    /** Returns whether a list shows the caller this topic and its logs. */
    boolean sees(String topic);

    /**
     * Checks that the caller still may do what it was admitted to. Cheap while nothing changes.
     *
     * @throws io.seawall.wal.WalException with code UNAUTHENTICATED or FORBIDDEN if not
     */
    void check();

    /** Notes the result of the request in the audit log, if it is of a kind that is written there. */
    void finished(String result);
}
