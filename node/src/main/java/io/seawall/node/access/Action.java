package io.seawall.node.access;

import java.util.Locale;

/** What a right allows. None of them includes another one. */
public enum Action {
    /** Appends records. */
    APPEND,
    /** Reads records, and sees that a topic and its logs are there. */
    READ,
    /** Deletes the oldest records of logs. */
    TRIM,
    /** Creates and deletes topics, moves, flushes and sees logs; for all topics also steers the cluster. */
    ADMIN;

    /** Returns the name as it is written in the access file. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
